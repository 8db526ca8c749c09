#include "aws/services/policy_simulation.hpp"

#include <fmt/format.h>

#include "aws/services/exchange.hpp"
#include "aws/services/iam_values.hpp"
#include "base/try.hpp"

namespace rekeyer::aws {
namespace {

Result<SimulatedAction> read_action(const XmlNode& member) {
  SimulatedAction result;
  TRY(result.action, required_text(member, "EvalActionName"));
  TRY(const auto decision, required_text(member, "EvalDecision"));
  result.allowed = decision == "allowed";
  result.denied_explicitly = decision == "explicitDeny";
  TRY(result.allowed_by_organizations, member.optional_boolean("OrganizationsDecisionDetail/AllowedByOrganizations"));
  TRY(result.allowed_by_boundary,
      member.optional_boolean("PermissionsBoundaryDecisionDetail/AllowedByPermissionsBoundary"));
  for (const XmlNode& key : member.children("MissingContextValues")) {
    TRY(auto name, required_text(key, {}));
    result.missing_context.push_back(std::move(name));
  }
  return result;
}

QueryBody body_of(const Simulation& simulation, const std::optional<std::string>& marker) {
  QueryBody body = query_body(services::iam, "SimulatePrincipalPolicy");
  body.add("PolicySourceArn", simulation.principal.str());
  int number = 0;
  for (const auto& action : simulation.actions) body.add(fmt::format("ActionNames.member.{}", ++number), action);
  body.add("ResourceArns.member.1", simulation.resource);
  number = 0;
  for (const auto& [key, value] : simulation.context) {
    const auto entry = fmt::format("ContextEntries.member.{}.", ++number);
    body.add(entry + "ContextKeyName", key).add(entry + "ContextKeyValues.member.1", value);
    body.add(entry + "ContextKeyType", "string");
  }
  if (marker) body.add("Marker", *marker);
  return body;
}

ResultTask<Page<SimulatedAction>> fetch_simulation_page(Caller& caller, Principal principal, Simulation simulation,
                                                        std::optional<std::string> marker) {
  auto read = [](const XmlNode& result) {
    return read_iam_page<SimulatedAction>(result, "EvaluationResults", read_action);
  };
  return query_exchange<Page<SimulatedAction>>(
      caller, std::move(principal), query_call(services::iam, "SimulatePrincipalPolicy", body_of(simulation, marker)),
      std::move(read));
}

}  // namespace

ResultTask<std::vector<SimulatedAction>> PolicySimulator::simulate(Simulation simulation) {
  auto fetch = [&caller = caller_, principal = principal_,
                simulation = std::move(simulation)](std::optional<std::string> marker) {
    return fetch_simulation_page(caller, principal, simulation, std::move(marker));
  };
  return all_pages<SimulatedAction>("iam:SimulatePrincipalPolicy", std::move(fetch));
}

}  // namespace rekeyer::aws
