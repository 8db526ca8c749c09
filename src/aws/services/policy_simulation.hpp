// IAM's policy simulator: what a principal's policies say of actions, without trying them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "aws/call/caller.hpp"
#include "base/names.hpp"
#include "base/task.hpp"

namespace rekeyer::aws {

struct Simulation {
  Arn principal;                               ///< a user or a role, never a session
  std::vector<std::string> actions;            ///< "iam:CreateAccessKey"; of one kind of resource
  std::string resource = "*";                  ///< one ARN: with several AWS nests its answer
  std::map<std::string, std::string> context;  ///< condition keys of type string
};

/// What became of one action.
struct SimulatedAction {
  std::string action;
  bool allowed = false;
  bool denied_explicitly = false;  ///< a statement says Deny
  /// Nothing: AWS did not say (no organization, no boundary).
  std::optional<bool> allowed_by_organizations;
  std::optional<bool> allowed_by_boundary;
  std::vector<std::string> missing_context;  ///< condition keys that the policies ask for and nobody gave
};

class PolicySimulator {
 public:
  PolicySimulator(Caller& caller, Principal principal) : caller_(caller), principal_(std::move(principal)) {}
  /// One answer for each action, in AWS's order. Advice, not proof: AWS leaves out session policies, resource control
  /// policies and service control policies with conditions. IAM SimulatePrincipalPolicy.
  ResultTask<std::vector<SimulatedAction>> simulate(Simulation simulation);

 private:
  Caller& caller_;
  Principal principal_;
};

}  // namespace rekeyer::aws
