// Organizations, service control policies: making, reading, changing and deleting them.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/try.hpp"
#include "sandbox/access/policy.hpp"
#include "sandbox/services/organizations.hpp"
#include "sandbox/services/organizations_controls.hpp"

namespace rekeyer::sandbox {
namespace {

using boost::json::object;

constexpr std::string_view control_type = "SERVICE_CONTROL_POLICY";
constexpr std::size_t longest_document = 5120;

object describe_control(const World& world, const ServiceControl& control) {
  return {{"PolicySummary", summarize(world, control)}, {"Content", control.document}};
}

ServiceResult<void> check_document(std::string_view document) {
  if (document.size() > longest_document) {
    return refuse("ConstraintViolationException", "You have exceeded the maximum length of a service control policy.");
  }
  if (!is_policy_document(document)) {
    return refuse("MalformedPolicyDocumentException", "The provided policy document does not meet the requirements.");
  }
  return {};
}

ServiceResult<void> check_control_name(const Organization& organization, std::string_view id, std::string_view name) {
  if (name.empty() || name.size() > 128) return invalid_organization_input("Name must have 1 to 128 characters.");
  const auto others = all_controls(organization);
  const bool taken =
      std::ranges::any_of(others, [&](const ServiceControl& other) { return other.name == name && other.id != id; });
  if (taken) return refuse("DuplicatePolicyException", "A policy with the same name already exists.");
  return {};
}

/// A policy that may be changed: not AWS's own.
ServiceResult<ServiceControl*> own_control(const Call& call, const Context& context) {
  auto& controls = context.world.organization.controls;
  TRY(const ServiceControl shown, find_control(context.world.organization, call.text_or_empty("PolicyId")));
  if (shown.id == full_access_id) return invalid_organization_input("a policy of AWS can't be changed.");
  return &controls.at(shown.id);
}

Output create_control(const Call& call, const Context& context) {
  Organization& organization = context.world.organization;
  TRY(const bool ours, asks_for_controls(call, "Type"));
  if (!ours) {
    return refuse("PolicyTypeNotAvailableForOrganizationException",
                  "You can't use the specified policy type with the feature set currently enabled.");
  }
  const std::string_view document = call.text_or_empty("Content");
  TRY_VOID(check_document(document));
  TRY_VOID(check_control_name(organization, "", call.text_or_empty("Name")));
  ServiceControl control;
  control.id = "p-" + context.world.ids.lower(8);
  control.name = call.text_or_empty("Name");
  control.description = call.text_or_empty("Description");
  control.document = document;
  keep_tags(call, organization, control.id);
  const auto& kept = organization.controls.insert_or_assign(control.id, control).first->second;
  return object{{"Policy", describe_control(context.world, kept)}};
}

Output describe_policy(const Call& call, const Context& context) {
  TRY(const ServiceControl control, find_control(context.world.organization, call.text_or_empty("PolicyId")));
  return object{{"Policy", describe_control(context.world, control)}};
}

Output update_policy(const Call& call, const Context& context) {
  TRY(ServiceControl* const control, own_control(call, context));
  if (const auto document = call.text("Content")) TRY_VOID(check_document(*document));
  if (const auto name = call.text("Name")) TRY_VOID(check_control_name(context.world.organization, control->id, *name));
  if (const auto document = call.text("Content")) control->document = *document;
  if (const auto name = call.text("Name")) control->name = *name;
  if (const auto description = call.text("Description")) control->description = *description;
  return object{{"Policy", describe_control(context.world, *control)}};
}

Output delete_control(const Call& call, const Context& context) {
  TRY(const ServiceControl* const control, own_control(call, context));
  if (!control->targets.empty()) {
    return refuse("PolicyInUseException", "The policy is attached to one or more entities. Detach it first.");
  }
  const std::string id = control->id;
  context.world.organization.tags.erase(id);
  context.world.organization.controls.erase(id);
  return object{};
}

Output list_controls(const Call& call, const Context& context) {
  TRY(const bool ours, asks_for_controls(call, "Filter"));
  const auto controls = ours ? all_controls(context.world.organization) : std::vector<ServiceControl>();
  return page_of(call, context,
                 {.member = "Policies",
                  .of = std::string(call.text_or_empty("Filter")),
                  .count = controls.size(),
                  .item = [&](std::size_t i) { return summarize(context.world, controls[i]); }});
}

}  // namespace

ServiceControl full_access() {
  return {.id = std::string(full_access_id),
          .name = "FullAWSAccess",
          .description = "Allows access to every operation",
          .document = R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]})",
          .targets = {}};
}

ServiceResult<ServiceControl> find_control(const Organization& organization, std::string_view id) {
  const auto found = organization.controls.find(std::string(id));
  if (found != organization.controls.end()) return found->second;
  if (id == full_access_id) return full_access();
  return refuse("PolicyNotFoundException", "You specified a policy that doesn't exist.");
}

std::vector<ServiceControl> all_controls(const Organization& organization) {
  std::vector<ServiceControl> all;
  if (!organization.controls.contains(std::string(full_access_id))) all.push_back(full_access());
  for (const auto& [id, control] : organization.controls) all.push_back(control);
  return all;
}

std::vector<std::string> controls_of(const Organization& organization, const std::string& target) {
  std::vector<std::string> ids;
  for (const auto& [id, control] : organization.controls) {
    if (std::ranges::find(control.targets, target) != control.targets.end()) ids.push_back(id);
  }
  if (ids.empty()) ids.emplace_back(full_access_id);
  return ids;
}

ServiceResult<bool> asks_for_controls(const Call& call, std::string_view member) {
  const std::string_view type = call.text_or_empty(member);
  if (type == control_type) return true;
  for (const std::string_view other : {"RESOURCE_CONTROL_POLICY", "TAG_POLICY", "BACKUP_POLICY",
                                       "AISERVICES_OPT_OUT_POLICY", "CHATBOT_POLICY", "DECLARATIVE_POLICY_EC2"}) {
    if (type == other) return false;
  }
  return invalid_organization_input(fmt::format("{} must be a type of policy.", member));
}

object summarize(const World& world, const ServiceControl& control) {
  const bool of_aws = control.id == full_access_id;
  return {{"Id", control.id},
          {"Arn", of_aws ? fmt::format("arn:{}:organizations::aws:policy/service_control_policy/{}", world.partition,
                                       control.id)
                         : organization_arn(world, "policy", fmt::format("service_control_policy/{}", control.id))},
          {"Name", control.name},
          {"Description", control.description},
          {"Type", control_type},
          {"AwsManaged", of_aws}};
}

std::span<const Operation> organization_policy_operations() {
  static constexpr std::array operations{
      Operation{"CreatePolicy", guarded<check_manager, create_control>},
      Operation{"DescribePolicy", guarded<check_reader, describe_policy>},
      Operation{"UpdatePolicy", guarded<check_manager, update_policy>},
      Operation{"DeletePolicy", guarded<check_manager, delete_control>},
      Operation{"ListPolicies", guarded<check_reader, list_controls>},
  };
  return operations;
}

}  // namespace rekeyer::sandbox
