// What [notify] and [owner] take: one statement a service, on exactly what the settings name.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/mail_address.hpp"
#include "permissions/parts.hpp"

namespace rekeyer::permissions {
namespace {

using notify::ChannelKind;
using notify::ChannelSettings;

void add_new(std::vector<std::string>& list, std::string item) {
  if (std::ranges::find(list, item) == list.end()) list.push_back(std::move(item));
}

/// Gathers resources by service, so that any number of channels makes one statement of each.
class Gathering {
 public:
  Gathering(const notify::Settings& settings, const PolicyRequest& request) : settings_(settings), request_(request) {}

  void add(const ChannelSettings& channel) {
    switch (channel.kind) {
      case ChannelKind::ses: add_mails(channel); break;
      case ChannelKind::sns: add_new(topics_, channel.topic_arn); break;
      case ChannelKind::eventbridge: add_bus(channel); break;
      case ChannelKind::smtp:
      case ChannelKind::webhook:
      case ChannelKind::file: break;
    }
    for (const auto* parameter :
         {&channel.user_parameter, &channel.password_parameter, &channel.url_parameter, &channel.hmac_parameter}) {
      if (!parameter->empty()) add_new(parameters_, parameter_arn(*parameter));
    }
  }

  Statements statements() const {
    Statements all;
    const auto state = [&](std::string sid, std::string action, std::vector<std::string> resources, std::string why) {
      if (resources.empty()) return;
      all.push_back({.sid = std::move(sid),
                     .actions = {std::move(action)},
                     .resources = std::move(resources),
                     .why = std::move(why)});
    };
    state("SendMails", "ses:SendEmail", mail_resources_,
          "sends mails from this sender; SES asks on each identity and configuration set that a mail touches");
    if (!mail_resources_.empty()) {
      all.back().conditions = {{"StringEquals", "ses:FromAddress", {std::string(bare_address(settings_.from))}}};
    }
    state("PublishToTopics", "sns:Publish", topics_, "publishes events to SNS");
    state("PutEvents", "events:PutEvents", buses_, "puts events on EventBridge");
    state("ReadParameters", "ssm:GetParameter", parameters_,
          "reads a mail server's login, a webhook's address or the key of its signature");
    return all;
  }

 private:
  std::string region_of(const ChannelSettings& channel) const {
    return channel.region.empty() ? request_.region : channel.region.str();
  }

  /// SES asks for whatever is verified in the account: the sender's address, its domain or one above that, each
  /// recipient who is an identity (all are in SES's own sandbox), and the configuration set that an identity goes by.
  /// None of that is known here. What bounds it is whom the mails are from.
  void add_mails(const ChannelSettings& channel) {
    const auto mail = [&](std::string name) {
      return arn(request_, {"ses", region_of(channel), request_.tooling_account, std::move(name)});
    };
    if (!channel.identity_arn.empty()) add_new(mail_resources_, channel.identity_arn);
    add_new(mail_resources_, mail("identity/*"));
    add_new(mail_resources_, mail("configuration-set/*"));
  }

  void add_bus(const ChannelSettings& channel) {
    const auto& bus = channel.bus;
    const auto name = bus.empty() ? std::string("default") : bus;
    add_new(buses_, bus.starts_with("arn:")
                        ? bus
                        : arn(request_, {"events", region_of(channel), request_.tooling_account, "event-bus/" + name}));
  }

  std::string parameter_arn(const std::string& name) const {
    if (name.starts_with("arn:")) return name;
    const std::string slash = name.starts_with('/') ? "" : "/";
    return arn(request_, {"ssm", request_.region, request_.tooling_account, "parameter" + slash + name});
  }

  const notify::Settings& settings_;
  const PolicyRequest& request_;
  std::vector<std::string> mail_resources_;
  std::vector<std::string> topics_;
  std::vector<std::string> buses_;
  std::vector<std::string> parameters_;
};

/// Without the right to list, S3 calls a missing template forbidden, and templates may be missing.
Statements template_statements(const notify::Settings& settings, const PolicyRequest& request) {
  constexpr std::string_view scheme = "s3://";
  if (!settings.templates.starts_with(scheme)) return {};
  auto place = settings.templates.substr(scheme.size());
  while (place.ends_with('/')) place.pop_back();
  const auto bucket = place.substr(0, place.find('/'));
  return {{.sid = "ReadTemplates",
           .actions = {"s3:GetObject"},
           .resources = {arn(request, {"s3", "", "", place + "/*"})},
           .why = "reads your own wording of mails (notify.templates)"},
          {.sid = "TellMissingTemplates",
           .actions = {"s3:ListBucket"},
           .resources = {arn(request, {"s3", "", "", bucket})},
           .why = "tells a template that is not there from one that may not be read"}};
}

}  // namespace

Statements channel_statements(const notify::Settings& settings, const PolicyRequest& request, Channels which) {
  Gathering gathering(settings, request);
  bool any = false;
  for (const auto& channel : settings.channels) {
    if (which == Channels::mails && !channel.mails()) continue;
    gathering.add(channel);
    any = true;
  }
  auto all = gathering.statements();
  if (any) append(all, template_statements(settings, request));
  return all;
}

Statements owner_statements(const notify::Settings& settings) {
  const auto& owner = settings.owner;
  const bool asked = settings.enabled() && !owner.alternate_contacts.empty() &&
                     std::ranges::find(owner.chain, notify::OwnerSource::alternate_contact) != owner.chain.end();
  if (!asked) return {};
  return {{.sid = "ReadAlternateContacts",
           .actions = {"account:GetAlternateContact"},
           .resources = {"*"},
           .why = "finds owners by the alternate contacts of their account"}};
}

}  // namespace rekeyer::permissions
