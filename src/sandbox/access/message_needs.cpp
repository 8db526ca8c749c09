// SES and SNS: the identity that a mail comes from, and the topic.
#include <fmt/format.h>

#include "sandbox/access/needs.hpp"
#include "sandbox/world/mail_address.hpp"

namespace rekeyer::sandbox {
namespace {

/// SES asks for the address where that is an identity, else for its domain.
std::string_view mail_identity(const Account* account, std::string_view address) {
  const auto at = address.rfind('@');
  if (account == nullptr || at == std::string_view::npos) return address;
  const auto& known = account->messages.identities;
  const auto domain = address.substr(at + 1);
  return !known.contains(std::string(address)) && known.contains(std::string(domain)) ? domain : address;
}

std::string mail_resource(const World& world, const Call& call, const Principal& principal) {
  if (const auto arn = call.text_or_empty("FromEmailAddressIdentityArn"); !arn.empty()) return std::string(arn);
  auto name = call.text_or_empty("EmailIdentity");
  if (name.empty()) {
    const auto from = call.text("FromEmailAddress").value_or(call.text_or_empty("Source"));
    name = mail_identity(world.find_account(principal.account), bare_address(from));
  }
  if (name.empty()) return "*";
  return fmt::format("arn:{}:ses:{}:{}:identity/{}", world.partition, call.region, principal.account, name);
}

std::string topic_resource(const World& world, const Call& call, const Principal& principal) {
  for (const std::string_view member : {"TopicArn", "TargetArn"}) {
    if (const auto arn = call.text_or_empty(member); !arn.empty()) return std::string(arn);
  }
  const auto name = call.text_or_empty("Name");
  if (call.operation != "CreateTopic" || name.empty()) return "*";
  return fmt::format("arn:{}:sns:{}:{}:{}", world.partition, call.region, principal.account, name);
}

}  // namespace

std::vector<Need> message_needs(World& world, const Call& call, const Principal& principal) {
  auto action = std::string(call.service).append(":").append(call.operation);
  auto resource =
      call.service == "ses" ? mail_resource(world, call, principal) : topic_resource(world, call, principal);
  std::vector<Need> needs{{action, std::move(resource)}};
  // Sending by a configuration set is a right on that, too.
  const auto set = call.operation == "SendEmail" ? call.text_or_empty("ConfigurationSetName") : std::string_view{};
  if (!set.empty()) {
    needs.push_back({std::move(action), fmt::format("arn:{}:ses:{}:{}:configuration-set/{}", world.partition,
                                                    call.region, principal.account, set)});
  }
  return needs;
}

}  // namespace rekeyer::sandbox
