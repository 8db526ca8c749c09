// What a run adds up to. The one place that counts: the closing line, JSON, mails, answers of functions, metrics and
// exit codes all say these numbers.
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "rotation/outcome.hpp"

namespace rekeyer::rotation {

/// What a row counts as. Each row is one of these.
enum class RowKind {
  due,            ///< a change that a plan found
  done,           ///< a change that was made
  held,           ///< due, and not done for a reason: the policy, a limit, another run
  failed,         ///< was tried, or had to be read
  upcoming,       ///< falls due within warn_period
  unowned,        ///< a user who has no owner to be told
  undeliverable,  ///< a user whose owner could not be told
  root_key,       ///< of the root user: nothing of rekeyer's
  exempt,
  quiet,  ///< nothing is due; listed by --all alone
};
inline constexpr RowKind last_row_kind = RowKind::quiet;
/// As in `totals.rows` of the JSON report: never changed, only added to.
std::string_view name(RowKind kind);

RowKind kind_of(const ActionOutcome& row);

class RowCounts {
 public:
  RowCounts() = default;
  explicit RowCounts(std::span<const ActionOutcome> rows);
  void add(const ActionOutcome& row);

  std::size_t of(RowKind kind) const { return kinds_[static_cast<std::size_t>(kind)]; }
  /// Rows of this action with this status, whatever they count as.
  std::size_t of(policy::Action action, ActionStatus status) const {
    return rows_[static_cast<std::size_t>(action)][static_cast<std::size_t>(status)];
  }
  /// Rows of roles that the lock on a secret keeps off.
  std::size_t shut_out() const { return shut_out_; }

 private:
  using OfStatus = std::array<std::size_t, static_cast<std::size_t>(last_action_status) + 1>;

  std::array<std::size_t, static_cast<std::size_t>(last_row_kind) + 1> kinds_{};
  std::array<OfStatus, static_cast<std::size_t>(policy::last_action) + 1> rows_{};
  std::size_t shut_out_ = 0;
};

struct RunCounts {
  std::size_t users = 0;
  std::size_t quiet = 0;   ///< users
  std::size_t exempt = 0;  ///< users
  RowCounts rows;

  std::size_t accounts(AccountStatus status) const { return accounts_by_status[static_cast<std::size_t>(status)]; }
  std::array<std::size_t, static_cast<std::size_t>(last_account_status) + 1> accounts_by_status{};
};

/// Goes through the whole report: of a large run that is read from its file.
RunCounts count(const RunReport& report);

/// Something failed or was denied, or people could not be told by a way that is configured: exit code 1.
bool has_failures(const RunReport& report);
/// Something is due now: `plan --exit-code`. Held things are not due; planned changes are.
bool has_due(const RunReport& report);

}  // namespace rekeyer::rotation
