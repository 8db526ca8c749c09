// Judging accounts: each comes to a verdict on each topic, and equal verdicts become one line.
#include "doctor/accounts.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "doctor/policy_text.hpp"
#include "report/terminal_text.hpp"

namespace rekeyer::doctor {
namespace {

using Verdict = RightsVerdict;
/// Accounts by what is to be said of them.
using Groups = std::map<Verdict, std::vector<AccountId>>;

constexpr std::string_view version_tag = "rekeyer:role-version";
constexpr int current_edition = 2;

std::string_view mode_word(rotation::Mode mode) { return mode == rotation::Mode::apply ? "apply" : "plan"; }

std::string named_role(const AccountsFacts& facts) { return fmt::format("the role {}", facts.role); }

Verdict unanswered_verdict(std::string_view question, const Error& error, std::string_view remedy) {
  const bool denied = error.kind == ErrorKind::access_denied;
  // AWS's words name the account, which would keep equal findings apart.
  return {Status::not_checked,
          denied ? fmt::format("{} ({} is denied)", question, error.operation)
                 : fmt::format("{} ({}: {})", question, error.operation,
                               error.code.empty() ? std::string(name(error.kind)) : error.code),
          denied ? std::string(remedy) : std::string()};
}

Verdict judge_entry(const AccountFacts& account, const AccountsFacts& facts) {
  if (account.entered) return {Status::ok, account.as_caller ? "entered with the caller's own credentials" : "", {}};
  const auto& error = account.entered.error();
  if (error.code == "RegionDisabledException") {
    return {Status::problem,
            fmt::format("{} can't be assumed: STS is switched off in the caller's region", named_role(facts)),
            "set AWS_REGION to a region in which STS is on, or activate STS in this one"};
  }
  if (error.kind == ErrorKind::access_denied) {
    const auto id = facts.external_id.empty()
                        ? std::string("asks for an external id (organization.external_id is not set)")
                        : std::string("asks for another external id than organization.external_id");
    return {Status::problem,
            fmt::format("{} can't be assumed: it is missing, does not trust this caller, or {}", named_role(facts), id),
            fmt::format("deploy the StackSet (or the Terraform module) of {} to them, with this caller's account and "
                        "the external id of the configuration; the caller needs sts:AssumeRole on it",
                        named_role(facts))};
  }
  return unanswered_verdict(fmt::format("{} could not be assumed", named_role(facts)), error, "");
}

bool asks_for_external_id(const PolicyStatement& statement) {
  return std::ranges::any_of(statement.conditions, [](const PolicyCondition& condition) {
    return condition.key == "sts:externalid" && condition.test.starts_with("String") &&
           !condition.test.contains("Not") && !condition.test.contains("IfExists") &&
           std::ranges::find(condition.values, "*") == condition.values.end();
  });
}

Verdict role_unread(const Error& error, const AccountsFacts& facts) {
  return unanswered_verdict("the role could not be looked at", error,
                            fmt::format("to have it checked, allow iam:GetRole to {} on itself", named_role(facts)));
}

Verdict judge_external_id(const AccountFacts& account, const AccountsFacts& facts) {
  if (!*account.role) return role_unread(account.role->error(), facts);
  const auto statements = read_policy((**account.role).trust);
  if (!statements) return {Status::not_checked, "the role's trust policy could not be read", {}};
  const bool open = std::ranges::any_of(*statements, [](const PolicyStatement& statement) {
    return statement.allows && statement.covers("sts:AssumeRole") && !asks_for_external_id(statement);
  });
  if (facts.external_id.empty()) return {Status::ok, "no external id is configured, and none is needed", {}};
  if (!open) return {};
  return {Status::warning, fmt::format("{} can be assumed without the external id too", named_role(facts)),
          "deploy the current trust policy of docs/permissions.md, which asks for it"};
}

Verdict judge_version(const AccountFacts& account, const AccountsFacts& facts) {
  if (!*account.role) return role_unread(account.role->error(), facts);
  const auto& tags = (**account.role).tags;
  const auto tag = tags.find(std::string(version_tag));
  const auto redeploy = fmt::format(
      "update the StackSet (or the Terraform module) of {} to the current edition for "
      "mode {}",
      named_role(facts), mode_word(facts.mode));
  if (tag == tags.end()) {
    return {Status::warning,
            fmt::format("the role has no tag {}: nobody knows which edition of its policy it has", version_tag),
            redeploy};
  }
  const std::string& value = tag->second;
  const auto hyphen = value.find('-');
  int edition = 0;
  for (const char c : std::string_view(value).substr(0, hyphen)) {
    edition = is_digit(c) && edition < 100'000 ? edition * 10 + (c - '0') : -1;
    if (edition < 0) break;
  }
  const auto mode = hyphen == std::string::npos ? std::string() : value.substr(hyphen + 1);
  if (edition <= 0 || (mode != "apply" && mode != "plan")) {
    return {Status::warning, fmt::format("the tag {} says {}, which is no edition", version_tag, value), redeploy};
  }
  if (edition < current_edition) {
    return {Status::problem, fmt::format("the role's policy is of edition {}; {} is current", edition, current_edition),
            redeploy};
  }
  if (edition > current_edition) {
    return {Status::warning,
            fmt::format("the role's policy is of edition {}, newer than this rekeyer ({})", edition, current_edition),
            "update rekeyer"};
  }
  if (mode == mode_word(facts.mode)) return {};
  if (facts.mode == rotation::Mode::apply) {
    return {Status::problem, "the role is for plan only: nothing can be rotated with it", redeploy};
  }
  return {Status::warning, "the role may rotate keys, which an audit does not need",
          fmt::format("{}; or run doctor with --mode apply", redeploy)};
}

Verdict judge_store(const Result<>& answered, const AccountsFacts& facts) {
  if (answered) return {};
  const auto& error = answered.error();
  const auto region = facts.store_region.str();
  if (error.kind == ErrorKind::credentials_invalid || error.code == "OptInRequired" ||
      error.code == "RegionDisabledException") {
    return {Status::problem, fmt::format("the region {} is not enabled there", region),
            "enable the region in these accounts, or set another store.region"};
  }
  if (error.kind == ErrorKind::access_denied) {
    return {Status::problem,
            fmt::format("Secrets Manager refuses the role in {} ({} is denied)", region, error.operation),
            fmt::format("deploy the current policy of docs/permissions.md to {}, and except it from service control "
                        "policies that deny {}",
                        named_role(facts), region)};
  }
  return unanswered_verdict(fmt::format("Secrets Manager in {} did not answer", region), error, "");
}

/// Of an account whose secrets could not be counted.
Verdict judge_uncounted(const AccountFacts& account) {
  if (!account.lockable) {
    return {Status::problem,
            "[store] lock is set, and whoever changes secrets there is neither the member role nor one of [store] "
            "writers: no user gets a key",
            "add the role that runs rekeyer to [store] writers"};
  }
  return unanswered_verdict("the users' secrets could not be counted", account.locks->error(), "see accounts.secrets");
}

/// What all accounts that are fine are told of as.
struct Line {
  Topic topic;
  std::string_view fine;
};

void tell(Checks& checks, const Line& line, Groups groups) {
  for (auto& [verdict, accounts] : groups) {
    std::ranges::sort(accounts);
    const auto count = report::counted(accounts.size(), "account");
    Check check{line.topic, verdict.status,
                fmt::format("{}: {}", count, verdict.finding.empty() ? line.fine : std::string_view(verdict.finding)),
                verdict.remedy, std::move(accounts)};
    checks.push_back(std::move(check));
  }
}

Check judge_scope(const AccountsFacts& facts) {
  if (facts.listing) {
    return problem(Topic::accounts_scope, "the list of accounts is incomplete: " + describe(*facts.listing),
                   "see the checks of the organization");
  }
  if (!facts.unknown.empty()) {
    return problem(Topic::accounts_scope, fmt::format("{}", fmt::join(facts.unknown, "; ")),
                   "correct the name: plan and apply end before they do anything where one is not there");
  }
  if (facts.accounts.empty()) {
    return problem(Topic::accounts_scope, fmt::format("no account is in scope; {} skipped", facts.skipped.size()),
                   "look at [organization] or [accounts] of the configuration, and at --account and --ou");
  }
  auto finding = report::counted(facts.accounts.size(), "account") + " in scope";
  std::map<std::string, std::size_t> reasons;
  for (const auto& [account, why] : facts.skipped) ++reasons[why];
  for (const auto& [why, count] : reasons) finding += fmt::format("; {} skipped: {}", count, why);
  return ok(Topic::accounts_scope, std::move(finding));
}

}  // namespace

Checks judge(const AccountsFacts& facts) {
  Groups entry;
  Groups external_id;
  Groups version;
  Groups users;
  Groups secrets;
  Groups store;
  Groups uncounted;
  std::vector<std::pair<AccountId, LockCounts>> counted;
  for (const auto& account : facts.accounts) {
    entry[judge_entry(account, facts)].push_back(account.id);
    if (account.role) {
      external_id[judge_external_id(account, facts)].push_back(account.id);
      version[judge_version(account, facts)].push_back(account.id);
    }
    const auto who = account.as_caller ? std::string("the caller") : named_role(facts);
    if (account.users) users[judge_rights(*account.users, who)].push_back(account.id);
    if (account.secrets) secrets[judge_rights(*account.secrets, who)].push_back(account.id);
    if (account.store) store[judge_store(*account.store, facts)].push_back(account.id);
    if (account.locks && *account.locks) counted.emplace_back(account.id, **account.locks);
    const bool missed = account.locks ? !*account.locks : facts.lock_chosen && !account.lockable;
    if (missed) uncounted[judge_uncounted(account)].push_back(account.id);
  }
  const bool acts = facts.mode == rotation::Mode::apply;
  Checks checks{judge_scope(facts)};
  tell(checks, {Topic::accounts_role, "the role can be assumed"}, std::move(entry));
  tell(checks, {Topic::accounts_external_id, "the role asks for the external id"}, std::move(external_id));
  tell(checks, {Topic::accounts_role_version, "the role has the current policy"}, std::move(version));
  tell(checks, {Topic::accounts_users, acts ? "users' keys may be rotated" : "users' keys may be looked at"},
       std::move(users));
  tell(checks, {Topic::accounts_secrets, acts ? "secrets may be stored" : "secrets may be looked at"},
       std::move(secrets));
  tell(checks, {Topic::accounts_store_region, "Secrets Manager answers in the store's region"}, std::move(store));
  tell(checks, {Topic::accounts_locks, ""}, std::move(uncounted));
  add(checks, judge_locks(counted));
  return checks;
}

}  // namespace rekeyer::doctor
