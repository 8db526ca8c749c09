#include "notify/deliver/digests.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "rotation/run_counts.hpp"

namespace rekeyer::notify {
namespace {

using policy::Action;
using rotation::ActionOutcome;
using rotation::ActionStatus;
using rotation::RowKind;

/// Exemptions that end within this time are named.
constexpr std::chrono::days exemption_horizon{14};
constexpr std::size_t most_old_keys = 10;

/// A reason of the decision as its first sentence; one of the run's own stays a word, and the detail tells it.
std::string in_words(const rotation::OutcomeReason& reason) {
  const auto* decision = reason.of_policy();
  if (decision == nullptr) return std::string(name(reason));
  const auto text = policy::describe(*decision);
  const auto end = text.find(". ");
  return std::string(text.substr(0, end == std::string_view::npos ? text.size() : end + 1));
}

ActionLine line_of(const rotation::AccountOutcome& account, const ActionOutcome& action) {
  ActionLine line;
  line.account = account.id;
  line.account_name = account.name;
  line.user = action.user;
  line.key = action.key;
  line.action = policy::name(action.action);
  line.status = rotation::name(action.status);
  line.reason = in_words(action.reason);
  line.detail = action.detail;
  line.due = action.due;
  return line;
}

ActionLine line_of(const rotation::AccountOutcome& account) {
  ActionLine line;
  line.account = account.id;
  line.account_name = account.name;
  line.action = "account";
  line.status = rotation::name(account.status);
  line.reason = account.reason;
  return line;
}

/// Worth a line to the people of one account.
bool tells_account(const ActionOutcome& action) {
  const bool quiet = action.action == Action::keep || action.action == Action::exempt;
  return !quiet || action.status == ActionStatus::failed;
}

bool is_weekly_day(const Settings& settings, Instant now) {
  return settings.weekly && std::chrono::weekday(std::chrono::floor<std::chrono::days>(now)) == *settings.weekly;
}

/// The digest's counts, in the order in which they are read.
std::vector<std::pair<std::string, std::size_t>> totals_of(const rotation::RowCounts& rows, bool audit) {
  const auto change = [&](Action action) {
    return rows.of(action, ActionStatus::planned) + rows.of(action, ActionStatus::done);
  };
  const std::string verb = audit ? "to be " : "";
  return {{"keys " + verb + "rotated", change(Action::rotate)},
          {"keys " + verb + "deactivated", change(Action::deactivate)},
          {"keys " + verb + "deleted", change(Action::remove)},
          {"interrupted rotations " + verb + "recovered", change(Action::recover)},
          {"held", rows.of(RowKind::held)},
          {"coming up", rows.of(RowKind::upcoming)},
          {"failed", rows.of(RowKind::failed)}};
}

void sort_into(const rotation::AccountOutcome& account, const ActionOutcome& action, Instant now,
               AdministratorDigest& digest) {
  const auto soon = action.due && *action.due > now && *action.due - now <= exemption_horizon;
  switch (kind_of(action)) {
    case RowKind::failed: digest.failures.push_back(line_of(account, action)); break;
    case RowKind::unowned: digest.unowned.push_back(line_of(account, action)); break;
    case RowKind::undeliverable: digest.undeliverable.push_back(line_of(account, action)); break;
    case RowKind::held: digest.held.push_back(line_of(account, action)); break;
    case RowKind::exempt:
      if (soon) digest.exemptions.push_back(line_of(account, action));
      break;
    case RowKind::due:
    case RowKind::done:
    case RowKind::upcoming:
    case RowKind::root_key:
    case RowKind::quiet: break;
  }
}

void add_oldest(const rotation::RunReport& report, AdministratorDigest& digest) {
  for (const auto& account : report.accounts) {
    for (const auto& key : account.oldest) {
      digest.oldest.push_back({account.id, account.name, key.user, key.key, key.created});
    }
  }
  std::ranges::sort(digest.oldest, [](const OldKey& a, const OldKey& b) {
    return std::tie(a.created, a.account, a.user, a.key) < std::tie(b.created, b.account, b.user, b.key);
  });
  if (digest.oldest.size() > most_old_keys) digest.oldest.resize(most_old_keys);
}

}  // namespace

std::vector<AccountDigest> account_digests(const rotation::RunReport& report, const Settings& settings,
                                           const rotation::Settings& rotation, const std::string& partition) {
  policy::Rules rules;
  policy::apply(rotation.policy.organisation, rules);
  std::vector<AccountDigest> mails;
  for (const auto& account : report.accounts) {
    if (account.email.empty()) continue;
    AccountDigest digest;
    digest.to = account.email;
    digest.sender = settings.from;
    digest.now = report.finished;
    digest.audit = report.mode == rotation::Mode::plan;
    digest.account = account.id;
    digest.account_name = account.name;
    digest.partition = partition;
    digest.rotation_period = rules.rotation_period.value;
    digest.installation_grace = rules.installation_grace.value;
    digest.recovery_grace = rules.recovery_grace.value;
    for (const auto& action : account.actions) {
      if (tells_account(action)) digest.actions.push_back(line_of(account, action));
    }
    if (!digest.actions.empty()) mails.push_back(std::move(digest));
  }
  return mails;
}

std::optional<AdministratorDigest> administrator_digest(const rotation::RunReport& report, const Settings& settings,
                                                        const std::vector<std::string>& failing_channels) {
  AdministratorDigest digest;
  digest.sender = settings.from;
  digest.now = report.finished;
  digest.run = report.run;
  digest.audit = report.mode == rotation::Mode::plan;
  digest.weekly = is_weekly_day(settings, report.finished);
  digest.incomplete = report.incomplete;
  digest.failing_channels = failing_channels;
  rotation::RowCounts rows;
  for (const auto& account : report.accounts) {
    ++digest.accounts;
    digest.users += account.users;
    const bool unread =
        account.status == rotation::AccountStatus::denied || account.status == rotation::AccountStatus::failed;
    if (unread) digest.denied_accounts.push_back(line_of(account));
    for (const auto& action : account.actions) {
      rows.add(action);
      sort_into(account, action, digest.now, digest);
    }
  }
  digest.totals = totals_of(rows, digest.audit);
  add_oldest(report, digest);
  // What is held day after day is in every mail, and no cause for one.
  const bool changes = rows.of(RowKind::due) + rows.of(RowKind::done) > 0;
  const bool news = changes || !digest.failures.empty() || !digest.denied_accounts.empty() || !digest.unowned.empty() ||
                    !digest.undeliverable.empty() || !digest.incomplete.empty() || !digest.failing_channels.empty();
  if (!news && !digest.weekly) return std::nullopt;
  return digest;
}

}  // namespace rekeyer::notify
