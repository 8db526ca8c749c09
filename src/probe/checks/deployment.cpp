// What only a deployment shows: listed, so that nobody takes it for tried, and with where it is told how to try it.
#include <array>

#include "probe/check.hpp"

namespace rekeyer::probe {
namespace {

constexpr std::string_view takes_a_deployment =
    "it takes a deployment: docs/first-account.md says how to try it by hand";
constexpr std::string_view takes_a_vpc = "it takes a VPC: docs/first-account.md says how to try it by hand";

}  // namespace

std::span<const Check> deployment_checks() {
  static constexpr std::array checks{
      Check{"deployment.children-are-trusted",
            "A Distributed Map's children become the state machine's role: its trust names `NAME` and `NAME/*`",
            "deploy/cloudformation/central.yaml, deploy/terraform/modules/central", Takes::a_while, nullptr,
            takes_a_deployment},
      Check{"deployment.stop-ends-children", "Stopping a run stops its map's children, too",
            "deploy/cloudformation/central.yaml, docs/operations.md", Takes::a_while, nullptr, takes_a_deployment},
      Check{"deployment.taken-name-is-refused",
            "A change set with the name of a role that is there fails before anything is made",
            "deploy/scripts/stacks.sh", Takes::a_while, nullptr, takes_a_deployment},
      Check{"deployment.missing-run-rings", "Without a run the alarm rings after `MissedRunHours`, not days later",
            "deploy/cloudformation/central.yaml, docs/operations.md", Takes::a_while, nullptr, takes_a_deployment},
      Check{"deployment.leaves-a-vpc", "Functions leave their VPC in two steps, and the stack can be deleted",
            "deploy/cloudformation/central.yaml, docs/deploy.md", Takes::a_while, nullptr, takes_a_vpc},
  };
  return checks;
}

}  // namespace rekeyer::probe
