#include "rotation/run_counts.hpp"

namespace rekeyer::rotation {

std::string_view name(RowKind kind) {
  switch (kind) {
    case RowKind::due: return "due";
    case RowKind::done: return "done";
    case RowKind::held: return "held";
    case RowKind::failed: return "failed";
    case RowKind::upcoming: return "upcoming";
    case RowKind::unowned: return "unowned";
    case RowKind::undeliverable: return "undeliverable";
    case RowKind::root_key: return "root_key";
    case RowKind::exempt: return "exempt";
    case RowKind::quiet: return "quiet";
  }
  return "";
}

RowKind kind_of(const ActionOutcome& row) {
  if (row.status == ActionStatus::failed) return RowKind::failed;
  if (row.reason == RunReason::unowned) return RowKind::unowned;
  if (row.reason == RunReason::undeliverable) return RowKind::undeliverable;
  if (row.reason == RunReason::root_key_active) return RowKind::root_key;
  switch (row.action) {
    case policy::Action::keep: return RowKind::quiet;
    case policy::Action::warn: return RowKind::upcoming;
    case policy::Action::hold: return RowKind::held;
    case policy::Action::exempt: return RowKind::exempt;
    case policy::Action::rotate:
    case policy::Action::deactivate:
    case policy::Action::remove:
    case policy::Action::recover:
    case policy::Action::adopt:
    case policy::Action::relock: break;
  }
  switch (row.status) {
    case ActionStatus::planned: return RowKind::due;
    case ActionStatus::done: return RowKind::done;
    case ActionStatus::held: return RowKind::held;
    case ActionStatus::failed: break;
  }
  return RowKind::failed;
}

RowCounts::RowCounts(std::span<const ActionOutcome> rows) {
  for (const auto& row : rows) add(row);
}

void RowCounts::add(const ActionOutcome& row) {
  ++kinds_[static_cast<std::size_t>(kind_of(row))];
  ++rows_[static_cast<std::size_t>(row.action)][static_cast<std::size_t>(row.status)];
  if (row.reason == RunReason::shut_out) ++shut_out_;
}

RunCounts count(const RunReport& report) {
  RunCounts counts;
  for (const auto& account : report.accounts) {
    ++counts.accounts_by_status[static_cast<std::size_t>(account.status)];
    counts.users += account.users;
    counts.quiet += account.quiet;
    counts.exempt += account.exempt;
    for (const auto& row : account.actions) counts.rows.add(row);
  }
  return counts;
}

bool has_failures(const RunReport& report) {
  if (!report.incomplete.empty() || !report.failing_channels.empty()) return true;
  const auto counts = count(report);
  return counts.rows.of(RowKind::failed) > 0 || counts.accounts(AccountStatus::denied) > 0 ||
         counts.accounts(AccountStatus::failed) > 0;
}

bool has_due(const RunReport& report) { return count(report).rows.of(RowKind::due) > 0; }

}  // namespace rekeyer::rotation
