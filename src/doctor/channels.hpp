// The ways out of [notify]: each channel as far as it can be tried without sending anything.
#pragma once

#include <optional>
#include <vector>

#include "aws/services/ses.hpp"
#include "doctor/check.hpp"
#include "engine/context.hpp"
#include "notify/model/settings.hpp"

namespace rekeyer::doctor {

struct ChannelFacts {
  notify::ChannelSettings settings;
  Result<> tried;                                    ///< every kind but ses
  std::optional<std::string> subscriptions;          ///< sns: SubscriptionsConfirmed
  std::optional<Result<aws::MailIdentity>> address;  ///< ses: of the sender, then of its domain
  std::optional<Result<aws::MailIdentity>> domain;
  std::optional<Result<aws::SendingAccount>> account;  ///< ses
};

struct ChannelsFacts {
  std::string from;  ///< the sender's bare address
  std::vector<ChannelFacts> channels;
  std::optional<Result<>> templates;  ///< nothing: the built-in ones
};

Checks judge(const ChannelsFacts& facts);

/// SES GetEmailIdentity, GetAccount; SNS GetTopicAttributes; EventBridge DescribeEventBus; SSM GetParameter; S3
/// GetObject; a login at the mail server. Nothing is sent and nothing is posted.
Task<ChannelsFacts> ask_channels(const engine::Context& context);

}  // namespace rekeyer::doctor
