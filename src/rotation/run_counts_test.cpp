#include "rotation/run_counts.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string_view>

namespace rekeyer::rotation {
namespace {

using policy::Action;

ActionOutcome row(Action action, ActionStatus status, OutcomeReason reason = policy::Reason::rotation_due) {
  return user_row(AccountId("111111111111"), UserName("ann"), action, reason, status, {});
}

TEST(RowKinds, FollowFromReasonActionAndStatus) {
  const struct {
    ActionOutcome row;
    RowKind kind;
  } cases[] = {
      {row(Action::rotate, ActionStatus::planned), RowKind::due},
      {row(Action::remove, ActionStatus::done), RowKind::done},
      {row(Action::relock, ActionStatus::held, policy::Reason::not_ours), RowKind::held},
      {row(Action::hold, ActionStatus::held, policy::Reason::still_in_use), RowKind::held},
      {row(Action::hold, ActionStatus::failed, RunReason::unreadable), RowKind::failed},
      {row(Action::rotate, ActionStatus::failed, RunReason::store_failed), RowKind::failed},
      {row(Action::warn, ActionStatus::planned, policy::Reason::rotation_near), RowKind::upcoming},
      {row(Action::warn, ActionStatus::done, policy::Reason::deletion_near), RowKind::upcoming},
      {row(Action::warn, ActionStatus::held, RunReason::unowned), RowKind::unowned},
      {row(Action::warn, ActionStatus::held, RunReason::undeliverable), RowKind::undeliverable},
      {row(Action::warn, ActionStatus::failed, RunReason::not_recorded), RowKind::failed},
      {row(Action::warn, ActionStatus::held, RunReason::root_key_active), RowKind::root_key},
      {row(Action::exempt, ActionStatus::held, policy::Reason::exempt), RowKind::exempt},
      {row(Action::keep, ActionStatus::planned, policy::Reason::young), RowKind::quiet},
  };
  std::set<RowKind> seen;
  for (const auto& [one, kind] : cases) {
    EXPECT_EQ(name(kind_of(one)), name(kind)) << policy::name(one.action) << " " << name(one.reason);
    seen.insert(kind);
  }
  EXPECT_EQ(seen.size(), static_cast<std::size_t>(last_row_kind) + 1) << "each kind has a case";
}

TEST(RunCounts, AddUpEveryAccountAndRow) {
  RunReport report;
  AccountOutcome one;
  one.id = AccountId("111111111111");
  one.users = 5;
  one.quiet = 2;
  one.exempt = 1;
  one.actions = {row(Action::rotate, ActionStatus::planned), row(Action::rotate, ActionStatus::held),
                 row(Action::relock, ActionStatus::failed, RunReason::shut_out)};
  AccountOutcome other;
  other.id = AccountId("222222222222");
  other.status = AccountStatus::denied;
  other.users = 3;
  report.accounts = {one, other};
  const auto counts = count(report);
  EXPECT_EQ(counts.accounts(AccountStatus::done), 1U);
  EXPECT_EQ(counts.accounts(AccountStatus::denied), 1U);
  EXPECT_EQ(counts.accounts(AccountStatus::skipped), 0U);
  EXPECT_EQ(counts.users, 8U);
  EXPECT_EQ(counts.quiet, 2U);
  EXPECT_EQ(counts.exempt, 1U);
  EXPECT_EQ(counts.rows.of(RowKind::due), 1U);
  EXPECT_EQ(counts.rows.of(RowKind::held), 1U);
  EXPECT_EQ(counts.rows.of(Action::rotate, ActionStatus::held), 1U);
  EXPECT_EQ(counts.rows.of(Action::rotate, ActionStatus::done), 0U);
  EXPECT_EQ(counts.rows.shut_out(), 1U);
  EXPECT_TRUE(has_failures(report));
  EXPECT_TRUE(has_due(report));
  EXPECT_FALSE(has_failures(RunReport{}));
  EXPECT_FALSE(has_due(RunReport{}));
}

}  // namespace
}  // namespace rekeyer::rotation
