// What a webhook is sent: Slack's blocks, Teams' Adaptive Card, or the events themselves. Pure.
#pragma once

#include <string>
#include <vector>

#include "notify/model/channel.hpp"
#include "notify/model/settings.hpp"

namespace rekeyer::notify {

/// One body for each request, within the receiver's limits: Slack 50 blocks of 3000 characters, Teams 28 KiB, JSON 100
/// events. Texts that are too long are cut. Nothing in an event can turn into markup, a link or a mention.
std::vector<std::string> webhook_bodies(WebhookBody body, const std::vector<Event>& events);

}  // namespace rekeyer::notify
