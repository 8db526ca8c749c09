#include "sandbox/access/needs.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/names.hpp"

namespace rekeyer::sandbox {
namespace {

std::string action_of(const Call& call) { return std::string(call.service).append(":").append(call.operation); }

/// Who one is, and a session of one's own, need no permission.
std::vector<Need> sts_needs(const World& world, const Call& call, const Principal& principal) {
  if (call.operation == "AssumeRole") {
    return {{action_of(call), std::string(call.text("RoleArn").value_or("*")), ResourceRule::trusted_by}};
  }
  if (call.operation == "GetAccessKeyInfo") return {{action_of(call), "*"}};
  if (call.operation == "GetFederationToken") {
    return {{action_of(call), fmt::format("arn:{}:sts::{}:federated-user/{}", world.partition, principal.account,
                                          call.text_or_empty("Name"))}};
  }
  return {};
}

/// Tags are of one thing; all else that is asked here is about the whole organization.
std::vector<Need> organization_needs(const World& world, const Call& call) {
  const auto id = call.text_or_empty("ResourceId");
  if (call.operation != "ListTagsForResource" || !valid_account_id(id)) return {{action_of(call), "*"}};
  const auto& organization = world.organization;
  return {{action_of(call), fmt::format("arn:{}:organizations::{}:account/{}/{}", world.partition,
                                        organization.management, organization.id, id)}};
}

}  // namespace

std::vector<Need> needs_of(World& world, const Call& call, const Principal& principal, Instant now) {
  if (call.service == "iam") return iam_needs(world, call, principal);
  if (call.service == "sts") return sts_needs(world, call, principal);
  if (call.service == "secretsmanager") return secret_needs(world, call, principal, now);
  if (call.service == "kms") return kms_needs(world, call, principal);
  if (call.service == "ses" || call.service == "sns") return message_needs(world, call, principal);
  if (call.service == "events") return event_needs(world, call, principal);
  if (call.service == "scheduler") return schedule_needs(world, call, principal);
  if (call.service == "states") return state_machine_needs(world, call, principal);
  if (call.service == "ssm") return parameter_needs(world, call, principal);
  if (call.service == "s3") return object_needs(world, call);
  if (call.service == "organizations") return organization_needs(world, call);
  if (call.service == "account") return contact_needs(world, call, principal);
  return {{action_of(call), "*"}};
}

std::string_view arn_part(std::string_view arn, int part) {
  constexpr int last = 5;
  if (!arn.starts_with("arn:")) return {};
  for (int i = 0; i < part; ++i) {
    const auto colon = arn.find(':');
    if (colon == std::string_view::npos) return {};
    arn.remove_prefix(colon + 1);
  }
  return part == last ? arn : arn.substr(0, arn.find(':'));
}

}  // namespace rekeyer::sandbox
