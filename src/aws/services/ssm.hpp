// Systems Manager: one parameter, which may be a secret.
#pragma once

#include <string>

#include "aws/call/caller.hpp"
#include "base/secret.hpp"
#include "base/task.hpp"

namespace rekeyer::aws {

class SsmClient {
 public:
  SsmClient(Caller& caller, Principal principal) : caller_(caller), principal_(std::move(principal)) {}
  /// The decrypted value; `not_found` where there is no such parameter. SSM GetParameter with WithDecryption.
  ResultTask<Secret> parameter(std::string name);

 private:
  Caller& caller_;
  Principal principal_;
};

}  // namespace rekeyer::aws
