#include "doctor/owners.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "aws/services/account.hpp"
#include "aws/services/organizations.hpp"
#include "notify/deliver/aws_contacts.hpp"
#include "rotation/configured_accounts.hpp"

namespace rekeyer::doctor {
namespace {

struct Link {
  Topic topic;
  std::string_view what;
  std::string_view remedy;
};

/// A denial is what is looked for here: a run would meet it too.
Check judge_link(const Link& link, const Result<>& asked, const AccountId& account) {
  if (asked) return ok(link.topic, fmt::format("{} can be read", link.what));
  const auto& error = asked.error();
  if (error.kind == ErrorKind::access_denied) {
    return problem(link.topic, fmt::format("{} of account {} can't be read: {}", link.what, account, describe(error)),
                   std::string(link.remedy));
  }
  return unanswered(link.topic, fmt::format("{} of account {} could not be read", link.what, account), error, "");
}

Result<> only_success(const auto& answer) {
  if (!answer) return fail(answer.error());
  return {};
}

}  // namespace

Checks judge(const OwnersFacts& facts) {
  Checks checks;
  if (facts.account_tag) {
    checks.push_back(judge_link({Topic::owner_account_tag, "tags of accounts",
                                 "allow organizations:ListTagsForResource, or take account-tag out of owner.chain"},
                                *facts.account_tag, facts.account));
  }
  if (facts.alternate_contact) {
    checks.push_back(judge_link(
        {Topic::owner_alternate_contact, "alternate contacts",
         "allow account:GetAlternateContact, switch on trusted access for account.amazonaws.com and delegate it to the "
         "caller's account, or take alternate-contact out of owner.chain"},
        *facts.alternate_contact, facts.account));
  }
  return checks;
}

Task<OwnersFacts> ask_owners(const engine::Context& context, rotation::OwnIdentity self, AccountId account) {
  OwnersFacts facts;
  facts.account = account;
  if (!context.notices().enabled() || account.empty()) co_return facts;
  const auto& owner = context.notices().owner;
  const auto listing = rotation::listing_principal(context.caller, context.principal, self, context.settings());
  aws::OrganizationsClient organizations(context.caller, listing);
  aws::AccountClient accounts(context.caller, context.principal);
  notify::AwsContacts contacts(organizations, accounts, self.account);
  const auto asks = [&](notify::OwnerSource source) {
    return std::ranges::find(owner.chain, source) != owner.chain.end();
  };
  if (asks(notify::OwnerSource::account_tag)) {
    const auto tags = co_await contacts.account_tags(account);
    facts.account_tag = only_success(tags);
  }
  if (asks(notify::OwnerSource::alternate_contact) && !owner.alternate_contacts.empty()) {
    const auto contact = co_await contacts.alternate_contact(account, owner.alternate_contacts.front());
    facts.alternate_contact = only_success(contact);
  }
  co_return facts;
}

}  // namespace rekeyer::doctor
