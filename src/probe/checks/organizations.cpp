// The organization's lists, read only. What they say of accounts is counted, never told.
#include "aws/services/organizations.hpp"

#include <array>
#include <vector>

#include "base/try.hpp"
#include "probe/check.hpp"

namespace rekeyer::probe {
namespace {

Task<Answer> organizations_answer(const Bench& bench, std::string operation, aws::JsonWriter body) {
  auto answer = co_await bench.caller().json(aws::services::organizations, std::move(operation), std::move(body));
  co_return answer;
}

aws::JsonWriter page_of(int size) {
  aws::JsonWriter body;
  body.begin_object().member("MaxResults", size).end();
  return body;
}

/// Whoever is in no organization, or may not read it, can't be told more about it.
std::optional<Finding> no_organization(const Answer& answer) {
  if (!answer.refusal) return std::nullopt;
  if (answer.refused_with("AWSOrganizationsNotInUseException")) {
    return not_tried("the account is in no organization");
  }
  return unanswered(*answer.refusal);
}

ResultTask<Finding> page_of_accounts(Bench& bench) {
  const auto answer = co_await organizations_answer(bench, "ListAccounts", page_of(1));
  if (auto none = no_organization(answer)) co_return *none;
  CO_TRY(const auto accounts, answer.json->optional_array("Accounts"));
  co_return judged(accounts.size() <= 1, fmt::format("{} on a page of one", accounts.size()));
}

ResultTask<Finding> page_too_large(Bench& bench) {
  const auto answer = co_await organizations_answer(bench, "ListAccounts", page_of(21));
  if (answer.refusal && answer.refusal->kind != ErrorKind::rejected) co_return *no_organization(answer);
  co_return judge_refusal(answer, {400, {"InvalidInputException", "ValidationException"}});
}

struct AccountPage {
  std::vector<aws::JsonValue> accounts;
  std::optional<Finding> none;
};

ResultTask<AccountPage> first_accounts(Bench& bench) {
  const auto answer = co_await organizations_answer(bench, "ListAccounts", page_of(20));
  if (auto none = no_organization(answer)) co_return AccountPage{{}, none};
  CO_TRY(auto accounts, answer.json->optional_array("Accounts"));
  co_return AccountPage{std::move(accounts), {}};
}

/// How many of the accounts have the member.
std::size_t count_with(const std::vector<aws::JsonValue>& accounts, std::string_view member) {
  std::size_t count = 0;
  for (const auto& account : accounts) {
    for (const auto& [name, value] : account.members()) count += name == member ? 1 : 0;
  }
  return count;
}

ResultTask<Finding> accounts_have_state(Bench& bench) {
  CO_TRY(const auto page, co_await first_accounts(bench));
  if (page.none) co_return *page.none;
  const auto with = count_with(page.accounts, "State");
  co_return judged(with == page.accounts.size(), fmt::format("{} of {} accounts", with, page.accounts.size()));
}

ResultTask<Finding> accounts_lost_status(Bench& bench) {
  CO_TRY(const auto page, co_await first_accounts(bench));
  if (page.none) co_return *page.none;
  const auto with = count_with(page.accounts, "Status");
  co_return judged(with == 0, fmt::format("{} of {} accounts have it", with, page.accounts.size()));
}

ResultTask<Finding> accounts_have_paths(Bench& bench) {
  CO_TRY(const auto page, co_await first_accounts(bench));
  if (page.none) co_return *page.none;
  std::size_t with = 0;
  for (const auto& account : page.accounts) {
    CO_TRY(const auto paths, account.optional_strings("Paths"));
    CO_TRY(const auto id, account.string("Id"));
    with += !paths.empty() && paths.front().ends_with(fmt::format("/{}/", id)) ? 1 : 0;
  }
  co_return judged(with == page.accounts.size(), fmt::format("{} of {} accounts", with, page.accounts.size()));
}

ResultTask<Finding> account_has_one_parent(Bench& bench) {
  aws::JsonWriter body;
  body.begin_object().member("ChildId", bench.account().id.str()).end();
  const auto answer = co_await organizations_answer(bench, "ListParents", std::move(body));
  if (auto none = no_organization(answer)) co_return *none;
  CO_TRY(const auto parents, answer.json->optional_array("Parents"));
  co_return judged(parents.size() == 1, fmt::format("{} parents", parents.size()));
}

ResultTask<Finding> unknown_child(Bench& bench) {
  aws::JsonWriter body;
  body.begin_object().member("ChildId", "000000000000").end();
  const auto answer = co_await organizations_answer(bench, "ListParents", std::move(body));
  if (answer.refused_with("AWSOrganizationsNotInUseException")) co_return *no_organization(answer);
  co_return judge_refusal(answer, {400, {"ChildNotFoundException"}});
}

ResultTask<Finding> no_alternate_contact(Bench& bench) {
  aws::JsonWriter body;
  body.begin_object().member("AlternateContactType", "SECURITY").end();
  const auto answer = co_await bench.caller().rest(aws::services::account, "GetAlternateContact",
                                                   {"POST", "/getAlternateContact"}, std::move(body));
  if (answer.accepted()) co_return as_believed("there is one");
  co_return judge_refusal(answer, {404, {"ResourceNotFoundException"}});
}

}  // namespace

std::span<const Check> organization_checks() {
  static constexpr std::array checks{
      Check{"organizations.page-of-one", "A page of accounts is no larger than asked for",
            "src/aws/services/organizations.cpp", Takes::a_moment, page_of_accounts},
      Check{"organizations.page-of-21", "A page of more than 20 is refused", "src/aws/services/organizations.cpp",
            Takes::a_moment, page_too_large},
      Check{"organizations.state", "Every account has the member State", "src/aws/services/organizations.cpp",
            Takes::a_moment, accounts_have_state},
      Check{"organizations.status-gone", "No account has the member Status any more",
            "src/aws/services/organizations.cpp", Takes::a_moment, accounts_lost_status},
      Check{"organizations.paths", "Every account has Paths, which end in its id", "src/rotation/inventory.hpp",
            Takes::a_moment, accounts_have_paths},
      Check{"organizations.one-parent", "An account has exactly one parent", "src/aws/services/organizations.hpp",
            Takes::a_moment, account_has_one_parent},
      Check{"organizations.unknown-child", "The parent of an account that is not there: ChildNotFoundException",
            "src/aws/call/classify.cpp", Takes::a_moment, unknown_child},
      Check{"account.no-alternate-contact", "An alternate contact that is not set: 404 ResourceNotFoundException",
            "src/aws/services/account.cpp", Takes::a_moment, no_alternate_contact},
  };
  return checks;
}

}  // namespace rekeyer::probe
