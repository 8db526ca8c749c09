// Contacts of accounts as AWS has them.
#pragma once

#include "aws/services/account.hpp"
#include "aws/services/organizations.hpp"
#include "notify/deliver/owner_lookup.hpp"

namespace rekeyer::notify {

/// Both clients ask as who may ask about other accounts: the management account or a delegated administrator. They must
/// outlive it.
class AwsContacts final : public ContactSource {
 public:
  AwsContacts(aws::OrganizationsReader& organizations, aws::AccountClient& accounts, AccountId own_account)
      : organizations_(organizations), accounts_(accounts), own_account_(std::move(own_account)) {}
  ResultTask<std::map<std::string, std::string>> account_tags(AccountId account) override;
  ResultTask<std::optional<std::string>> alternate_contact(AccountId account, std::string kind) override;

 private:
  aws::OrganizationsReader& organizations_;
  aws::AccountClient& accounts_;
  AccountId own_account_;  ///< of the accounts client
};

}  // namespace rekeyer::notify
