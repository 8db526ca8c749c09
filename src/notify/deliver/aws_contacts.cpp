#include "notify/deliver/aws_contacts.hpp"

namespace rekeyer::notify {

ResultTask<std::map<std::string, std::string>> AwsContacts::account_tags(AccountId account) {
  auto tags = co_await organizations_.tags_of(std::move(account));
  co_return tags;
}

ResultTask<std::optional<std::string>> AwsContacts::alternate_contact(AccountId account, std::string kind) {
  // Asked about itself by its id, an account is refused: that is for the organization's administrators.
  auto contact =
      co_await accounts_.alternate_contact(account == own_account_ ? AccountId{} : std::move(account), std::move(kind));
  co_return contact;
}

}  // namespace rekeyer::notify
