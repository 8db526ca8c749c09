// As whom and where a channel's service is called.
#pragma once

#include "notify/channels/channels.hpp"

namespace rekeyer::notify {

/// A topic's and a bus's own region first: AWS answers for them nowhere else.
aws::Principal channel_principal(const ChannelSettings& settings, const ChannelParts& parts);

}  // namespace rekeyer::notify
