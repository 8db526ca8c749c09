#include "notify/channels/channels.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "aws/call/partition.hpp"
#include "base/json_text.hpp"
#include "base/try.hpp"
#include "notify/channels/channel_principal.hpp"
#include "notify/channels/eventbridge_channel.hpp"
#include "notify/channels/file_channel.hpp"
#include "notify/channels/filtered_events.hpp"
#include "notify/channels/ses_channel.hpp"
#include "notify/channels/smtp_channel.hpp"
#include "notify/channels/sns_channel.hpp"
#include "notify/channels/webhook_channel.hpp"
#include "notify/model/address.hpp"

namespace rekeyer::notify {
namespace {

/// The group of calls whose pace is the channel's rate; empty where the channel keeps its own.
std::string paced_group(ChannelKind kind) {
  switch (kind) {
    case ChannelKind::ses: return std::string(aws::rate_group("ses", "SendEmail"));
    case ChannelKind::sns: return std::string(aws::rate_group("sns", "Publish"));
    case ChannelKind::eventbridge: return std::string(aws::rate_group("events", "PutEvents"));
    case ChannelKind::smtp:
    case ChannelKind::webhook:
    case ChannelKind::file: return {};
  }
  return {};
}

void set_rates(const Settings& settings, aws::RateLimiter& limiter) {
  std::map<std::string, double> slowest;
  for (const auto& channel : settings.channels) {
    const auto group = paced_group(channel.kind);
    if (group.empty()) continue;
    const auto known = slowest.find(group);
    slowest[group] = known == slowest.end() ? channel.rate : std::min(known->second, channel.rate);
  }
  for (const auto& [group, rate] : slowest) limiter.set_rate(group, {rate, 1});
}

Result<> check(const Settings& settings) {
  const bool mails = std::ranges::any_of(settings.channels, &ChannelSettings::mails);
  if (mails && !parse_mailbox(settings.from)) {
    return fail(ErrorKind::usage, fmt::format("[notify] from = {} is no mail address", json_quoted(settings.from)));
  }
  for (const auto& one : settings.reply_to) {
    if (!parse_mailbox(one)) {
      return fail(ErrorKind::usage, fmt::format("[notify] reply_to: {} is no mail address", json_quoted(one)));
    }
  }
  for (const auto& channel : settings.channels) {
    if (channel.rate > 0) continue;
    return fail(ErrorKind::usage, fmt::format("the channel {}: rate must be more than 0", channel.name));
  }
  return {};
}

std::unique_ptr<MailChannel> mail_channel(const Settings& settings, const ChannelSettings& channel,
                                          const ChannelParts& parts) {
  const Sender sender{settings.from, settings.reply_to};
  auto principal = channel_principal(channel, parts);
  if (channel.kind == ChannelKind::ses) {
    return std::make_unique<SesChannel>(aws::SesClient(parts.caller, std::move(principal)), sender, channel);
  }
  SmtpChannelParts own{.parameters = aws::SsmClient(parts.caller, std::move(principal)),
                       .executor = parts.executor,
                       .clock = parts.clock,
                       .random = parts.random,
                       .limiter = parts.limiter,
                       .tls = parts.tls,
                       .timeouts = {}};
  return std::make_unique<SmtpChannel>(std::move(own), sender, channel);
}

/// Nothing for the kinds that send mails only.
std::unique_ptr<EventChannel> event_channel(const ChannelSettings& channel, const ChannelParts& parts) {
  auto principal = channel_principal(channel, parts);
  switch (channel.kind) {
    case ChannelKind::ses:
    case ChannelKind::smtp: return nullptr;
    case ChannelKind::sns:
      return std::make_unique<SnsChannel>(aws::SnsClient(parts.caller, std::move(principal)), channel.name,
                                          Arn(channel.topic_arn));
    case ChannelKind::webhook: {
      WebhookParts own{aws::SsmClient(parts.caller, std::move(principal)), parts.transport, parts.clock, parts.random,
                       parts.limiter};
      return std::make_unique<WebhookChannel>(std::move(own), channel);
    }
    case ChannelKind::eventbridge: {
      const std::string partition(aws::partition_of(principal.region).id);
      return std::make_unique<EventBridgeChannel>(aws::EventBridgeClient(parts.caller, std::move(principal)),
                                                  EventBridgeChannel::Target{channel.name, channel.bus, partition});
    }
    case ChannelKind::file: return std::make_unique<FileEvents>(channel.name, channel.path);
  }
  return nullptr;
}

}  // namespace

Result<ChannelSet> make_channels(const Settings& settings, const ChannelParts& parts) {
  TRY_VOID(check(settings));
  set_rates(settings, parts.limiter);
  const bool has_mails = std::ranges::any_of(settings.channels, &ChannelSettings::mails);
  ChannelSet set;
  for (const auto& channel : settings.channels) {
    if (channel.mails()) {
      set.mails.push_back(mail_channel(settings, channel, parts));
    } else if (channel.kind == ChannelKind::file && !has_mails) {
      set.mails.push_back(std::make_unique<FileMails>(channel.name, channel.path));
    }
    auto events = event_channel(channel, parts);
    if (events) set.events.push_back(std::make_unique<FilteredEvents>(std::move(events), channel.events));
  }
  return set;
}

}  // namespace rekeyer::notify
