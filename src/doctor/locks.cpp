#include "doctor/locks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "report/terminal_text.hpp"
#include "rotation/lock_mark.hpp"
#include "rotation/naming.hpp"
#include "rotation/secrets_of_account.hpp"

namespace rekeyer::doctor {
namespace {

using Counted = std::vector<std::pair<AccountId, LockCounts>>;

std::string secrets(std::size_t count) {
  return count == 1 ? "1 user's secret" : fmt::format("{} users' secrets", count);
}

LockCounts total(const Counted& accounts) {
  LockCounts all;
  for (const auto& [account, counts] : accounts) {
    all.proved += counts.proved;
    all.differing += counts.differing;
    all.unmarked += counts.unmarked;
    all.unproved += counts.unproved;
  }
  return all;
}

/// The accounts in which there are such secrets, and how many: the most first.
void name_accounts(const Counted& accounts, std::size_t LockCounts::* of, Check& check) {
  for (const auto& [account, counts] : accounts) {
    if (counts.*of > 0) check.counts.emplace(account, counts.*of);
  }
  for (const auto& [account, count] : check.counts) check.accounts.push_back(account);
  std::ranges::sort(check.accounts, [&](const AccountId& a, const AccountId& b) {
    return std::tuple(check.counts.at(b), a) < std::tuple(check.counts.at(a), b);
  });
}

Check judge_marks(const Counted& accounts, const LockCounts& all) {
  // What a version before the tag has locked is as likely right as wrong.
  const auto silent =
      all.unmarked == 0 ? std::string()
                        : fmt::format("; of {} it is not known: a rotation or `rekeyer relock` notes it", all.unmarked);
  if (all.differing == 0) {
    return ok(Topic::accounts_locks,
              fmt::format("{} locked as the configuration wants{}", secrets(all.proved - all.unmarked), silent));
  }
  auto check = warning(
      Topic::accounts_locks,
      fmt::format("{} of {} not locked as the configuration wants{}", all.differing, secrets(all.proved), silent),
      "see what would change by `rekeyer relock --plan`, then run `rekeyer relock`");
  name_accounts(accounts, &LockCounts::differing, check);
  return check;
}

Check judge_proofs(const Counted& accounts, const LockCounts& all) {
  if (all.unproved == 0) {
    return ok(Topic::accounts_proofs, fmt::format("{} proved to be rekeyer's", secrets(all.proved)));
  }
  auto check = warning(
      Topic::accounts_proofs,
      fmt::format("{} of {} not proved to be rekeyer's", all.unproved, secrets(all.proved + all.unproved)),
      "vouch for what an earlier version made: `rekeyer adopt --before DAY --plan`, then without --plan; look who "
      "made the others, and delete them");
  name_accounts(accounts, &LockCounts::unproved, check);
  return check;
}

}  // namespace

LockCounts count_locks(const std::vector<aws::SecretDescription>& listed, const rotation::Settings& settings,
                       const AccountId& account, std::string_view partition, const rotation::Proofs& proofs) {
  policy::Subject anybody;
  anybody.account = account;
  const auto wanted = rotation::configured_policy(settings, anybody, partition);
  LockCounts counts;
  for (const auto& secret : listed) {
    const auto user = rotation::user_of_secret(settings.store.name_template, account, secret.name.str());
    if (!user || secret.deleted) continue;
    const auto id = rotation::id_on(secret);
    if (id.empty() || !proofs.holds(secret, id)) {
      ++counts.unproved;
      continue;
    }
    ++counts.proved;
    const auto mark = rotation::read_lock_mark(secret, wanted);
    if (mark == rotation::LockMark::otherwise) ++counts.differing;
    if (mark == rotation::LockMark::unknown) ++counts.unmarked;
  }
  return counts;
}

Checks judge_locks(const Counted& accounts) {
  if (accounts.empty()) return {};
  const auto all = total(accounts);
  return {judge_marks(accounts, all), judge_proofs(accounts, all)};
}

}  // namespace rekeyer::doctor
