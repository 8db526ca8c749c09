// From the settings to the channels.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <vector>

#include "aws/call/caller.hpp"
#include "aws/http/tls_trust.hpp"
#include "notify/model/channel.hpp"
#include "notify/model/settings.hpp"

namespace rekeyer::notify {

/// What channels are made of. All of it outlives them.
struct ChannelParts {
  aws::Caller& caller;
  aws::Principal principal;  ///< as whom SES, SNS, EventBridge and SSM are called
  aws::Transport& transport;
  Clock& clock;
  Random& random;
  aws::RateLimiter& limiter;
  boost::asio::any_io_executor executor;  ///< of the io_context, for SMTP
  aws::TlsSettings tls;                   ///< whom SMTP trusts: the same as HTTPS
};

struct ChannelSet {
  std::vector<std::unique_ptr<MailChannel>> mails;    ///< in the order of the settings
  std::vector<std::unique_ptr<EventChannel>> events;  ///< each takes only the events that its settings name
};

/// Nothing is connected to and nothing is read yet. A file takes the mails too where no ses and no smtp is configured:
/// beside those it would make owners count as told who are not. Sets the pace of SES, SNS and EventBridge to their
/// channels' rates, the slowest where several share one service. Fails with `usage` where a setting can't be used.
Result<ChannelSet> make_channels(const Settings& settings, const ChannelParts& parts);

}  // namespace rekeyer::notify
