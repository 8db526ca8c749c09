// Organizations, which service control policy hangs where.
#include <algorithm>
#include <array>

#include "base/try.hpp"
#include "sandbox/services/organizations.hpp"
#include "sandbox/services/organizations_controls.hpp"

namespace rekeyer::sandbox {
namespace {

using boost::json::object;

struct Attachment {
  ServiceControl control;
  std::string target;
  bool there = false;
};

/// PolicyId and TargetId, both known.
ServiceResult<Attachment> asked_attachment(const Call& call, const Context& context) {
  const Organization& organization = context.world.organization;
  Attachment asked;
  TRY(asked.control, find_control(organization, call.text_or_empty("PolicyId")));
  TRY(asked.target, find_target(organization, call.text_or_empty("TargetId")));
  const auto attached = controls_of(organization, asked.target);
  asked.there = std::ranges::find(attached, asked.control.id) != attached.end();
  return asked;
}

/// FullAWSAccess stands at the target unsaid; a first policy beside it makes it be said.
void say_full_access(Organization& organization, const std::string& target) {
  const auto attached = controls_of(organization, target);
  if (attached.front() != full_access_id) return;
  auto& control = organization.controls.try_emplace(std::string(full_access_id), full_access()).first->second;
  if (std::ranges::find(control.targets, target) == control.targets.end()) control.targets.push_back(target);
}

Output attach_control(const Call& call, const Context& context) {
  Organization& organization = context.world.organization;
  TRY(const Attachment asked, asked_attachment(call, context));
  if (asked.there) {
    return refuse("DuplicatePolicyAttachmentException", "The policy is already attached to the specified target.");
  }
  say_full_access(organization, asked.target);
  auto& control = organization.controls.try_emplace(asked.control.id, asked.control).first->second;
  control.targets.push_back(asked.target);
  return object{};
}

Output detach_control(const Call& call, const Context& context) {
  Organization& organization = context.world.organization;
  TRY(const Attachment asked, asked_attachment(call, context));
  if (!asked.there) return refuse("PolicyNotAttachedException", "The policy isn't attached to the specified target.");
  if (controls_of(organization, asked.target).size() == 1) {
    return refuse("ConstraintViolationException",
                  "You cannot remove the last policy: at least one service control policy must stay attached.");
  }
  std::erase(organization.controls.at(asked.control.id).targets, asked.target);
  return object{};
}

Output list_policies_for_target(const Call& call, const Context& context) {
  const Organization& organization = context.world.organization;
  TRY(const std::string target, find_target(organization, call.text_or_empty("TargetId")));
  TRY(const bool ours, asks_for_controls(call, "Filter"));
  const auto ids = ours ? controls_of(organization, target) : std::vector<std::string>();
  return page_of(call, context, {.member = "Policies", .of = target, .count = ids.size(), .item = [&](std::size_t i) {
                                   return summarize(context.world, find_control(organization, ids[i]).value());
                                 }});
}

/// Every root, unit and account that there is, in this order.
std::vector<std::string> all_targets(const Organization& organization) {
  std::vector<std::string> targets{organization.root.str()};
  for (const auto& [id, unit] : organization.units) targets.push_back(id.str());
  for (const auto& id : organization.order) targets.push_back(id.str());
  return targets;
}

object describe_target(const World& world, const std::string& target) {
  const Organization& organization = world.organization;
  if (target == organization.root.str()) {
    return {{"TargetId", target}, {"Arn", organization_arn(world, "root", target)}, {"Name", "Root"}, {"Type", "ROOT"}};
  }
  if (const auto unit = organization.units.find(OuId(target)); unit != organization.units.end()) {
    return {{"TargetId", target},
            {"Arn", organization_arn(world, "ou", target)},
            {"Name", unit->second.name},
            {"Type", "ORGANIZATIONAL_UNIT"}};
  }
  const Account* account = world.find_account(AccountId(target));
  return {{"TargetId", target},
          {"Arn", organization_arn(world, "account", target)},
          {"Name", account == nullptr ? target : account->name},
          {"Type", "ACCOUNT"}};
}

Output list_targets_for_policy(const Call& call, const Context& context) {
  const Organization& organization = context.world.organization;
  TRY(const ServiceControl control, find_control(organization, call.text_or_empty("PolicyId")));
  std::vector<std::string> targets = control.targets;
  if (control.id == full_access_id) {
    targets = all_targets(organization);
    std::erase_if(targets, [&](const std::string& target) {
      const auto attached = controls_of(organization, target);
      return std::ranges::find(attached, control.id) == attached.end();
    });
  }
  return page_of(call, context,
                 {.member = "Targets", .of = control.id, .count = targets.size(), .item = [&](std::size_t i) {
                    return describe_target(context.world, targets[i]);
                  }});
}

}  // namespace

std::span<const Operation> organization_attachment_operations() {
  static constexpr std::array operations{
      Operation{"AttachPolicy", guarded<check_manager, attach_control>},
      Operation{"DetachPolicy", guarded<check_manager, detach_control>},
      Operation{"ListPoliciesForTarget", guarded<check_reader, list_policies_for_target>},
      Operation{"ListTargetsForPolicy", guarded<check_reader, list_targets_for_policy>},
  };
  return operations;
}

}  // namespace rekeyer::sandbox
