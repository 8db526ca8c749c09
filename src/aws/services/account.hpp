// AWS Account Management: whom an account names as its contacts.
#pragma once

#include <optional>
#include <string>

#include "aws/call/caller.hpp"
#include "base/names.hpp"
#include "base/task.hpp"

namespace rekeyer::aws {

class AccountClient {
 public:
  AccountClient(Caller& caller, Principal principal) : caller_(caller), principal_(std::move(principal)) {}
  /// The e-mail address of that alternate contact ("security", "operations", "billing"); nothing where none is set.
  /// From the management account or a delegated administrator of account.amazonaws.com; a caller asking about its own
  /// account passes an empty id. Account GetAlternateContact.
  ResultTask<std::optional<std::string>> alternate_contact(AccountId account, std::string kind);

 private:
  Caller& caller_;
  Principal principal_;
};

}  // namespace rekeyer::aws
