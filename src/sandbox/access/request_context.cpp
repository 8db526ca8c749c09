#include "sandbox/access/request_context.hpp"

#include <boost/json/array.hpp>

#include "sandbox/access/service_control.hpp"
#include "sandbox/wire/member_text.hpp"
#include "sandbox/world/mail_address.hpp"

namespace rekeyer::sandbox {
namespace {

void add_tags(ConditionContext& context, std::string_view prefix, const Tags& tags) {
  for (const auto& [key, value] : tags) context[std::string(prefix).append(folded(key))] = {value};
}

/// An identity's own tags; a session's go over them.
void add_principal_tags(ConditionContext& context, const World& world, const Principal& principal) {
  constexpr std::string_view prefix = "aws:principaltag/";
  if (const auto* account = world.find_account(principal.account)) {
    if (principal.kind == PrincipalKind::user) {
      const auto user = account->iam.users.find(folded(principal.user.str()));
      if (user != account->iam.users.end()) add_tags(context, prefix, user->second.tags);
    } else {
      const auto role = account->iam.roles.find(folded(principal.role.str()));
      const bool same = role != account->iam.roles.end() && role->second.id == principal.identity_id;
      if (same) add_tags(context, prefix, role->second.tags);
    }
  }
  add_tags(context, prefix, principal.session_tags);
}

void add_organization(ConditionContext& context, const World& world, const Principal& principal) {
  const auto levels = levels_of(world.organization, principal.account);
  if (levels.empty()) return;
  context["aws:principalorgid"] = {world.organization.id};
  std::string path = world.organization.id + "/";
  for (auto level = levels.rbegin(); level + 1 != levels.rend(); ++level) path.append(*level).append("/");
  context["aws:principalorgpaths"] = {std::move(path)};
}

/// What Secrets Manager says of a request beside its texts.
void add_secret_request(ConditionContext& context, const Call& call) {
  static constexpr std::string_view flags[] = {"BlockPublicPolicy", "ForceDeleteWithoutRecovery",
                                               "ForceOverwriteReplicaSecret"};
  for (const auto member : flags) {
    const auto flag = call.boolean(member);
    if (flag) context["secretsmanager:" + folded(member)] = {*flag ? "true" : "false"};
  }
  if (const auto days = call.integer("RecoveryWindowInDays")) {
    context["secretsmanager:recoverywindowindays"] = {std::to_string(*days)};
  }
  const auto* replicas = call.list("AddReplicaRegions");
  if (replicas == nullptr) return;
  auto& regions = context["secretsmanager:addreplicaregions"];
  for (const auto& each : *replicas) {
    if (const auto* replica = each.if_object()) regions.emplace_back(member_text(*replica, "Region"));
  }
}

void add_request(ConditionContext& context, const Call& call) {
  context["aws:requestedregion"] = {call.region.str()};
  context["aws:securetransport"] = {"true"};
  context["aws:viaawsservice"] = {"false"};
  std::vector<std::string> keys = call.texts("TagKeys");
  for (const auto& [key, value] : call.tags()) {
    context[std::string("aws:requesttag/").append(folded(key))] = {value};
    keys.push_back(key);
  }
  if (!keys.empty()) context["aws:tagkeys"] = std::move(keys);
  struct Member {
    std::string_view name;
    std::string_view key;
  };
  static constexpr Member secret_members[] = {{"Name", "secretsmanager:name"},
                                              {"SecretId", "secretsmanager:secretid"},
                                              {"VersionStage", "secretsmanager:versionstage"},
                                              {"VersionId", "secretsmanager:versionid"},
                                              {"Description", "secretsmanager:description"},
                                              {"KmsKeyId", "secretsmanager:kmskeyid"}};
  static constexpr Member sts_members[] = {{"ExternalId", "sts:externalid"},
                                           {"RoleSessionName", "sts:rolesessionname"}};
  static constexpr Member kms_members[] = {{"MessageType", "kms:messagetype"},
                                           {"SigningAlgorithm", "kms:signingalgorithm"}};
  const auto add = [&](const Member& member) {
    if (const auto text = call.text(member.name)) context[std::string(member.key)] = {std::string(*text)};
  };
  if (call.service == "secretsmanager") {
    for (const auto& member : secret_members) add(member);
    add_secret_request(context, call);
  }
  if (call.service == "ses") {
    const auto from = call.text("FromEmailAddress").value_or(call.text_or_empty("Source"));
    if (!from.empty()) context["ses:fromaddress"] = {std::string(bare_address(from))};
  }
  if (call.service == "sts") {
    for (const auto& member : sts_members) add(member);
  }
  if (call.service == "kms") {
    for (const auto& member : kms_members) add(member);
  }
}

void add_need(ConditionContext& context, const Need& need, const Principal& principal) {
  const auto service = std::string_view(need.action).substr(0, need.action.find(':'));
  if (need.resource_tags != nullptr) {
    add_tags(context, "aws:resourcetag/", *need.resource_tags);
    add_tags(context, std::string(service).append(":resourcetag/"), *need.resource_tags);
  }
  if (const auto owner = arn_part(need.resource, 4); !owner.empty())
    context["aws:resourceaccount"] = {std::string(owner)};
  if (service != "kms") return;
  context["kms:calleraccount"] = {principal.account.str()};
  if (!need.via_service.empty()) {
    context["kms:viaservice"] = {need.via_service};
    context["aws:viaawsservice"] = {"true"};
  }
}

}  // namespace

ConditionContext principal_context(const World& world, const Principal& principal) {
  ConditionContext context;
  const bool user = principal.kind == PrincipalKind::user;
  context["aws:principalarn"] = {principal.identity_arn.str()};
  context["aws:principalaccount"] = {principal.account.str()};
  context["aws:principaltype"] = {principal.federated ? "FederatedUser" : user ? "User" : "AssumedRole"};
  context["aws:userid"] = {principal.user_id};
  if (user && !principal.federated) context["aws:username"] = {principal.user.str()};
  // Nobody has a second factor here; with long-term keys AWS does not say so at all.
  if (principal.session) {
    context["aws:multifactorauthpresent"] = {"false"};
    context["aws:tokenissuetime"] = {iso8601(principal.issued)};
  }
  add_principal_tags(context, world, principal);
  add_organization(context, world, principal);
  return context;
}

const ConditionContext& CallContext::conditions() const {
  if (!gathered_) {
    gathered_ = principal_context(parts_.world, parts_.principal);
    add_request(*gathered_, parts_.call);
    add_need(*gathered_, parts_.need, parts_.principal);
  }
  return *gathered_;
}

}  // namespace rekeyer::sandbox
