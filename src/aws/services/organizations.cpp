// Organizations over AWS JSON 1.1. Pages hold 20 at most, may be empty, and go on until there is no token.
#include "aws/services/organizations.hpp"

#include <array>

#include "aws/services/exchange.hpp"
#include "base/try.hpp"

namespace rekeyer::aws {
namespace {

constexpr int organizations_page_size = 20;

constexpr std::array states{
    std::pair{"PENDING_ACTIVATION", AccountState::pending_activation},
    std::pair{"ACTIVE", AccountState::active},
    std::pair{"SUSPENDED", AccountState::suspended},
    std::pair{"PENDING_CLOSURE", AccountState::pending_closure},
    std::pair{"CLOSED", AccountState::closed},
};

/// `State` is the newer member and the wider one; `Status` counts only where it is absent (facts: 2026-09-09).
Result<AccountState> read_state(const JsonValue& account) {
  TRY(auto text, account.optional_string("State"));
  if (!text) {
    TRY(text, account.optional_string("Status"));
  }
  if (!text || text->empty()) {
    return fail(ErrorKind::bad_reply, "an account has neither State nor Status in the reply");
  }
  for (const auto& [word, state] : states) {
    if (*text == word) return state;
  }
  return AccountState::other;
}

Result<Account> read_member_account(const JsonValue& json) {
  Account account;
  TRY(auto id, required_text(json, "Id"));
  if (!valid_account_id(id)) return fail(ErrorKind::bad_reply, "an account's Id is not twelve digits in the reply");
  account.id = AccountId(std::move(id));
  TRY(account.state, read_state(json));
  TRY(auto arn, text_or_empty(json, "Arn"));
  account.arn = Arn(std::move(arn));
  TRY(account.name, text_or_empty(json, "Name"));
  TRY(account.email, text_or_empty(json, "Email"));
  TRY(const auto paths, json.optional_strings("Paths"));
  account.paths.assign(paths.begin(), paths.end());
  return account;
}

Result<OuId> read_ou_id(const JsonValue& json) {
  TRY(auto id, required_text(json, "Id"));
  return OuId(std::move(id));
}

/// A page of the list in the member `name`. The list must be there: without it the reply is no answer to this question.
template <class T>
Result<Page<T>> read_page(const JsonValue& json, std::string_view name, Result<T> (*read)(const JsonValue&)) {
  Page<T> page;
  TRY(const auto items, json.array(name));
  page.items.reserve(items.size());
  for (const JsonValue& item : items) {
    TRY(auto value, read(item));
    page.items.push_back(std::move(value));
  }
  TRY(const auto next, json.optional_string("NextToken"));
  if (next && !next->empty()) page.next = std::string(*next);
  return page;
}

/// What a listing asks: one named member, or none.
struct Question {
  std::string operation;
  std::string member;
  std::string value;
};

template <class T>
ResultTask<Page<T>> fetch_organization_page(Caller& caller, Principal principal, Question question, std::string list,
                                            Result<T> (*read)(const JsonValue&), std::optional<std::string> next) {
  JsonWriter body;
  body.begin_object();
  if (!question.member.empty()) body.member(question.member, question.value);
  body.member("MaxResults", organizations_page_size);
  if (next) body.member("NextToken", *next);
  body.end();
  auto read_reply = [list = std::move(list), read](const JsonValue& json) { return read_page<T>(json, list, read); };
  return json_exchange<Page<T>>(caller, std::move(principal),
                                json_call(services::organizations, std::move(question.operation), std::move(body)),
                                std::move(read_reply));
}

template <class T>
ResultTask<std::vector<T>> fetch_organization_list(Caller& caller, Principal principal, Question question,
                                                   std::string list, Result<T> (*read)(const JsonValue&)) {
  std::string operation = "organizations:" + question.operation;
  auto fetch = [&caller, principal = std::move(principal), question = std::move(question), list = std::move(list),
                read](std::optional<std::string> next) {
    return fetch_organization_page<T>(caller, principal, question, list, read, std::move(next));
  };
  return all_pages<T>(std::move(operation), std::move(fetch));
}

Result<Page<std::pair<std::string, std::string>>> read_organization_tags(const JsonValue& json) {
  const auto read = [](const JsonValue& item) -> Result<std::pair<std::string, std::string>> {
    TRY(auto key, required_text(item, "Key"));
    TRY(const auto value, item.string("Value"));
    return std::pair{std::move(key), std::string(value)};
  };
  return read_page<std::pair<std::string, std::string>>(json, "Tags", read);
}

Result<Organization> read_organization(const JsonValue& json) {
  TRY(const auto organization, json.object("Organization"));
  TRY(auto id, required_text(organization, "Id"));
  TRY(auto account, required_text(organization, "MasterAccountId"));
  if (!valid_account_id(account)) {
    return fail(ErrorKind::bad_reply, "MasterAccountId is not twelve digits in the reply");
  }
  return Organization{std::move(id), AccountId(std::move(account))};
}

}  // namespace

std::string_view name(AccountState state) {
  switch (state) {
    case AccountState::pending_activation: return "pending_activation";
    case AccountState::active: return "active";
    case AccountState::suspended: return "suspended";
    case AccountState::pending_closure: return "pending_closure";
    case AccountState::closed: return "closed";
    case AccountState::other: return "other";
  }
  return "other";
}

ResultTask<Organization> OrganizationsClient::describe_organization() {
  JsonWriter body;
  body.begin_object().end();
  return json_exchange<Organization>(caller_, principal_,
                                     json_call(services::organizations, "DescribeOrganization", std::move(body)),
                                     read_organization);
}

ResultTask<Page<Account>> OrganizationsClient::list_accounts(std::optional<std::string> next) {
  auto page = co_await fetch_organization_page<Account>(caller_, principal_, {"ListAccounts", {}, {}}, "Accounts",
                                                        read_member_account, next);
  if (page && page->next && page->next == next) {
    co_return fail(Error{ErrorKind::bad_reply,
                         "the list repeats itself: a page's continuation is the page itself",
                         {},
                         "organizations:ListAccounts",
                         {}});
  }
  co_return page;
}

ResultTask<std::optional<OuId>> OrganizationsClient::parent_of(std::string child) {
  const auto parents = co_await fetch_organization_list<OuId>(
      caller_, principal_, {"ListParents", "ChildId", std::move(child)}, "Parents", read_ou_id);
  if (!parents) co_return fail(parents.error());
  if (parents->size() > 1) co_return fail(ErrorKind::bad_reply, "ListParents names more than one parent");
  if (parents->empty()) co_return std::nullopt;
  co_return parents->front();
}

ResultTask<std::vector<Account>> OrganizationsClient::accounts_of(OuId parent) {
  return fetch_organization_list<Account>(caller_, principal_, {"ListAccountsForParent", "ParentId", parent.str()},
                                          "Accounts", read_member_account);
}

ResultTask<std::vector<OuId>> OrganizationsClient::units_of(OuId parent) {
  return fetch_organization_list<OuId>(caller_, principal_,
                                       {"ListOrganizationalUnitsForParent", "ParentId", parent.str()},
                                       "OrganizationalUnits", read_ou_id);
}

ResultTask<std::map<std::string, std::string>> OrganizationsClient::tags_of(AccountId account) {
  using Tag = std::pair<std::string, std::string>;
  // The one list of Organizations that takes no page size.
  auto fetch = [this, account](const std::optional<std::string>& next) {
    JsonWriter body;
    body.begin_object().member("ResourceId", account.str());
    if (next) body.member("NextToken", *next);
    body.end();
    return json_exchange<Page<Tag>>(caller_, principal_,
                                    json_call(services::organizations, "ListTagsForResource", std::move(body)),
                                    read_organization_tags);
  };
  auto tags = co_await all_pages<Tag>("organizations:ListTagsForResource", std::move(fetch));
  if (!tags) co_return fail(std::move(tags).error());
  co_return std::map<std::string, std::string>(std::make_move_iterator(tags->begin()),
                                               std::make_move_iterator(tags->end()));
}

ResultTask<std::vector<OuId>> OrganizationsClient::roots() {
  return fetch_organization_list<OuId>(caller_, principal_, {"ListRoots", {}, {}}, "Roots", read_ou_id);
}

}  // namespace rekeyer::aws
