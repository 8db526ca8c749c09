// IAM, one role: its tags and whom it trusts. For looking at a deployment; reads only.
#pragma once

#include <string>

#include "aws/call/caller.hpp"
#include "aws/services/iam.hpp"
#include "base/names.hpp"
#include "base/task.hpp"

namespace rekeyer::aws {

struct Role {
  Arn arn;
  std::string trust;  ///< AssumeRolePolicyDocument, decoded JSON text
  Tags tags;
};

class RoleClient {
 public:
  RoleClient(Caller& caller, Principal principal) : caller_(caller), principal_(std::move(principal)) {}
  /// By its name, without a path. `not_found` where the account has no such role. IAM GetRole.
  ResultTask<Role> role(RoleName name);

 private:
  Caller& caller_;
  Principal principal_;
};

}  // namespace rekeyer::aws
