// SES and SNS: the identity that a mail comes from, and the topic.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "sandbox/access/needs.hpp"
#include "sandbox/wire/member_text.hpp"
#include "sandbox/world/mail_address.hpp"

namespace rekeyer::sandbox {
namespace {

/// The identity that stands for an address; null where the account has none.
const MailIdentity* identity_of(const Account* account, std::string_view address) {
  if (account == nullptr) return nullptr;
  const auto& known = account->messages.identities;
  for (const auto& name : identities_for(address)) {
    if (const auto found = known.find(name); found != known.end()) return &found->second;
  }
  return nullptr;
}

std::vector<std::string> recipients(const Call& call) {
  std::vector<std::string> all;
  const auto* found = call.input.if_contains("Destination");
  const auto* destination = found == nullptr ? nullptr : found->if_object();
  if (destination == nullptr) return all;
  for (const std::string_view member : {"ToAddresses", "CcAddresses", "BccAddresses"}) {
    std::ranges::move(member_texts(*destination, member), std::back_inserter(all));
  }
  return all;
}

/// A mail is asked for on the sender's identity, on that of each recipient who is one of the account's own (all are in
/// SES's own sandbox), and on the configuration set that it goes out by, named or the identity's own.
std::vector<std::string> mail_resources(const World& world, const Call& call, const Principal& principal) {
  const auto home = fmt::format("arn:{}:ses:{}:{}:", world.partition, call.region, principal.account);
  const auto* account = world.find_account(principal.account);
  std::vector<std::string> resources;
  const auto add = [&](std::string resource) {
    if (std::ranges::find(resources, resource) == resources.end()) resources.push_back(std::move(resource));
  };
  const auto from = call.text("FromEmailAddress").value_or(call.text_or_empty("Source"));
  const auto* sender = identity_of(account, from);
  const auto borrowed = call.text_or_empty("FromEmailAddressIdentityArn");
  const auto name = sender != nullptr ? std::string_view(sender->name) : bare_address(from);
  if (!borrowed.empty()) {
    add(std::string(borrowed));
  } else {
    add(name.empty() ? std::string("*") : fmt::format("{}identity/{}", home, name));
  }
  for (const auto& address : recipients(call)) {
    if (const auto* identity = identity_of(account, address)) add(fmt::format("{}identity/{}", home, identity->name));
  }
  auto set = call.text_or_empty("ConfigurationSetName");
  if (set.empty() && borrowed.empty() && sender != nullptr) set = sender->configuration_set;
  if (!set.empty()) add(fmt::format("{}configuration-set/{}", home, set));
  return resources;
}

std::string identity_resource(const World& world, const Call& call, const Principal& principal) {
  const auto name = call.text_or_empty("EmailIdentity");
  if (name.empty()) return "*";
  return fmt::format("arn:{}:ses:{}:{}:identity/{}", world.partition, call.region, principal.account, name);
}

std::string topic_resource(const World& world, const Call& call, const Principal& principal) {
  for (const std::string_view member : {"TopicArn", "TargetArn", "ResourceArn"}) {
    if (const auto arn = call.text_or_empty(member); !arn.empty()) return std::string(arn);
  }
  const auto name = call.text_or_empty("Name");
  if (call.operation != "CreateTopic" || name.empty()) return "*";
  return fmt::format("arn:{}:sns:{}:{}:{}", world.partition, call.region, principal.account, name);
}

}  // namespace

std::vector<Need> message_needs(World& world, const Call& call, const Principal& principal) {
  const auto action = std::string(call.service).append(":").append(call.operation);
  if (call.service != "ses") return {{action, topic_resource(world, call, principal)}};
  if (call.operation != "SendEmail" && call.operation != "SendRawEmail") {
    return {{action, identity_resource(world, call, principal)}};
  }
  std::vector<Need> needs;
  for (auto& resource : mail_resources(world, call, principal)) needs.push_back({action, std::move(resource)});
  return needs;
}

}  // namespace rekeyer::sandbox
