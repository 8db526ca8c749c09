#include "doctor/channels.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace rekeyer::doctor {
namespace {

using notify::ChannelKind;

std::string domain_of(const std::string& address) { return address.substr(address.find('@') + 1); }

Check judge_identity(const ChannelFacts& channel, const std::string& from) {
  const auto& name = channel.settings.name;
  if (!channel.address) {
    return not_checked(Topic::ses_identity, fmt::format("{}: the identity {} belongs to another account", name,
                                                        channel.settings.identity_arn));
  }
  const auto verified = [](const std::optional<Result<aws::MailIdentity>>& asked) {
    return asked && *asked && (*asked)->verified;
  };
  if (verified(channel.address)) return ok(Topic::ses_identity, fmt::format("{}: {} is verified", name, from));
  if (verified(channel.domain)) {
    return ok(Topic::ses_identity, fmt::format("{}: the domain of {} is verified", name, from));
  }
  for (const auto* asked : {&channel.address, &channel.domain}) {
    if (*asked && !**asked && (**asked).error().kind != ErrorKind::not_found) {
      return unanswered(Topic::ses_identity, fmt::format("{}: the identity could not be looked at", name),
                        (**asked).error(), "ses:GetEmailIdentity");
    }
  }
  const auto* known = *channel.address || !channel.domain ? &*channel.address : &*channel.domain;
  const bool there = (*known).has_value();
  const auto state =
      there && !(**known).verification.empty() ? fmt::format(" ({})", (**known).verification) : std::string();
  return problem(Topic::ses_identity,
                 there ? fmt::format("{}: SES has not verified the sender {}{}", name, from, state)
                       : fmt::format("{}: SES knows neither {} nor its domain", name, from),
                 fmt::format("verify {} in SES, in the channel's region, or change notify.from", domain_of(from)));
}

Check judge_account(const ChannelFacts& channel) {
  const auto& name = channel.settings.name;
  const auto& asked = *channel.account;
  if (!asked) {
    return unanswered(Topic::ses_account, fmt::format("{}: SES could not be asked about the account", name),
                      asked.error(), "ses:GetAccount");
  }
  if (!asked->enabled) {
    return problem(Topic::ses_account, fmt::format("{}: sending is switched off for this account", name),
                   "read in the SES console why, and have it switched on");
  }
  if (!asked->production) {
    return problem(Topic::ses_account,
                   fmt::format("{}: the account is in SES's sandbox, which mails verified addresses only", name),
                   "request production access in the SES console, in the channel's region");
  }
  if (asked->per_second < channel.settings.rate) {
    return warning(Topic::ses_account,
                   fmt::format("{}: SES takes {} mails a second, the channel sends {}", name, asked->per_second,
                               channel.settings.rate),
                   "lower the channel's rate, or ask for a higher quota");
  }
  return ok(Topic::ses_account,
            fmt::format("{}: {} mails a day, {} a second", name, asked->per_day, asked->per_second));
}

struct Way {
  Topic topic;
  std::string fine;
  std::string remedy;
  std::string permission;  ///< that only the check takes; empty: a run takes it too, so a denial is a problem
};

Way way_of(const ChannelFacts& channel) {
  const auto& settings = channel.settings;
  switch (settings.kind) {
    case ChannelKind::ses: break;
    case ChannelKind::smtp:
      return {Topic::smtp_server,
              settings.host + " takes the login",
              "look at host, port, security and the parameters of user and password; outside a VPC, or through its "
              "gateway, the port must be reachable",
              {}};
    case ChannelKind::sns:
      return {Topic::sns_topic, settings.topic_arn + " is there", "make the topic, or correct topic_arn",
              "sns:GetTopicAttributes on the topic"};
    case ChannelKind::eventbridge:
      return {Topic::eventbridge_bus,
              fmt::format("the bus {} is there", settings.bus.empty() ? "default" : settings.bus),
              "make the bus, or correct bus", "events:DescribeEventBus on the bus"};
    case ChannelKind::webhook:
      return {Topic::webhook_url,
              "its URL is known; nothing was posted",
              "put the URL (https://…) and the signing key into the SSM parameters that the channel names, and allow "
              "ssm:GetParameter on them",
              {}};
    case ChannelKind::file:
      return {Topic::file_path,
              settings.path == "-" ? "standard output" : settings.path + " can be written",
              "correct path, or make its folder writable",
              {}};
  }
  return {Topic::notify_channels, {}, {}, {}};
}

Check judge_tried(const ChannelFacts& channel) {
  const auto way = way_of(channel);
  const auto& name = channel.settings.name;
  if (channel.tried) {
    if (channel.subscriptions == "0") {
      return warning(way.topic, fmt::format("{}: {} has no confirmed subscription", name, channel.settings.topic_arn),
                     "subscribe somebody to the topic, or take the channel away");
    }
    return ok(way.topic, fmt::format("{}: {}", name, way.fine));
  }
  const auto& error = channel.tried.error();
  if (!way.permission.empty() && error.kind != ErrorKind::not_found && error.kind != ErrorKind::usage) {
    return unanswered(way.topic, fmt::format("{}: it could not be looked at", name), error, way.permission);
  }
  return problem(way.topic, fmt::format("{}: {}", name, describe(error)), way.remedy);
}

Check judge_templates(const Result<>& templates) {
  if (templates) return ok(Topic::notify_templates, "can be read, and are valid");
  return problem(Topic::notify_templates, describe(templates.error()),
                 "correct them (rekeyer notify preview shows the result), or take notify.templates away");
}

}  // namespace

Checks judge(const ChannelsFacts& facts) {
  if (facts.channels.empty()) {
    return {warning(Topic::notify_channels, "no [[notify.channel]] is configured: owners are not told of anything",
                    "configure one: docs/notifications.md")};
  }
  Checks checks{ok(Topic::notify_channels, fmt::format("{} configured", facts.channels.size()))};
  if (facts.templates) checks.push_back(judge_templates(*facts.templates));
  for (const auto& channel : facts.channels) {
    if (channel.settings.kind != ChannelKind::ses) {
      checks.push_back(judge_tried(channel));
      continue;
    }
    checks.push_back(judge_identity(channel, facts.from));
    if (channel.account) checks.push_back(judge_account(channel));
  }
  return checks;
}

}  // namespace rekeyer::doctor
