// The closing lines: every number that is not zero, and only those.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/report.hpp"
#include "report/sample_report.hpp"
#include "rotation/run_counts.hpp"

namespace rekeyer::report {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr Style plain{};

rotation::RunReport with_statuses(rotation::Mode mode, ActionStatus status) {
  return report_of({action("a", "", Action::rotate, policy::Reason::rotation_due, status),
                    action("b", "", Action::rotate, policy::Reason::rotation_due, status),
                    action("c", "", Action::deactivate, policy::Reason::installation_over, status),
                    action("d", "", Action::remove, policy::Reason::recovery_over, status),
                    action("e", "", Action::recover, policy::Reason::intent_expired, status)},
                   mode);
}

TEST(Summary, OfAPlanSaysWhatIsToDo) {
  EXPECT_EQ(summary(sample_report(), plain),
            "235 users in 2 accounts: 1 to rotate, 1 to deactivate, 1 due soon, 2 held, 2 exempt.\n"
            "Accounts: 2 done, 1 denied, 1 skipped.\n");
  EXPECT_EQ(summary(with_statuses(rotation::Mode::plan, ActionStatus::planned), plain),
            "3 users in 1 account: 1 to recover, 2 to rotate, 1 to deactivate, 1 to delete.\n");
}

TEST(Summary, OfAnApplySaysWhatWasDone) {
  EXPECT_EQ(summary(sample_report(rotation::Mode::apply), plain),
            "235 users in 2 accounts: 1 rotated, 1 due soon, 2 held, 1 failed, 2 exempt.\n"
            "Accounts: 2 done, 1 denied, 1 skipped.\n");
  EXPECT_EQ(summary(with_statuses(rotation::Mode::apply, ActionStatus::done), plain),
            "3 users in 1 account: 1 recovered, 2 rotated, 1 deactivated, 1 deleted.\n");
}

TEST(Summary, ChangesThatWereHeldOrFailedAreNotDone) {
  EXPECT_EQ(summary(with_statuses(rotation::Mode::apply, ActionStatus::held), plain),
            "3 users in 1 account: nothing done, 5 held.\n");
  EXPECT_EQ(summary(with_statuses(rotation::Mode::apply, ActionStatus::failed), plain),
            "3 users in 1 account: nothing done, 5 failed.\n");
}

TEST(Summary, TellsHowManyRunsTheBacklogTakes) {
  auto report = report_of({});
  report.waiting = {1250, 13};
  EXPECT_EQ(summary(report, plain),
            "3 users in 1 account: nothing to do.\n"
            "1250 users more due than [limits] lets a run change: the oldest go first, 13 runs like this one to go.\n");
  report.waiting = {1, 1};
  EXPECT_THAT(summary(report, plain),
              HasSubstr("1 user more due than [limits] lets a run change: the oldest go first, 1 run "));
  report.waiting = {7, 0};
  EXPECT_THAT(summary(report, plain), HasSubstr("7 users due, and [limits] lets none be changed.\n"));
}

TEST(Summary, WarnsOfLimitsThatCannotKeepUp) {
  auto report = report_of({});
  report.waiting.a_day = 6667;
  EXPECT_EQ(summary(report, plain), "3 users in 1 account: nothing to do.\n");
  report.waiting.run_keeps_up = false;
  report.waiting.accounts_behind = 2;
  EXPECT_EQ(
      summary(report, plain),
      "3 users in 1 account: nothing to do.\n"
      "limits.max_changes is less than falls due on an average day, about 6667 users: with one run a day, keys get "
      "older than the policy says. Raise it, or run more often.\n");
  report.waiting.run_keeps_up = true;
  EXPECT_THAT(summary(report, plain),
              HasSubstr("limits.max_changes_per_account is less than falls due on an average day in 2 accounts: "));
}

TEST(Summary, TellsARuleThatFitsNobodyAsAWarningAlone) {
  auto report = report_of({});
  report.fits_nobody = {"rekeyer.toml:3: [[override]] for user = \"ci-*\""};
  EXPECT_EQ(summary(report, plain),
            "3 users in 1 account: nothing to do.\n"
            "Fits no user: rekeyer.toml:3: [[override]] for user = \"ci-*\"\n");
  EXPECT_FALSE(rotation::has_failures(report));
}

TEST(Summary, OfAQuietDayIsOneLine) {
  auto report = report_of({});
  EXPECT_EQ(summary(report, plain), "3 users in 1 account: nothing to do.\n");
  amend(report, [](auto& account) { account.users = account.exempt = 1; });
  report.mode = rotation::Mode::apply;
  EXPECT_EQ(summary(report, plain), "1 user in 1 account: nothing done, 1 exempt.\n");
}

TEST(Summary, NeverCallsItQuietWhereNothingWasLookedAt) {
  auto report = empty_report();
  EXPECT_EQ(summary(report, plain), "No account was looked at.\n");
  report.accounts = {account("111111111111", "a", AccountStatus::denied, "no"),
                     account("222222222222", "b", AccountStatus::failed, "no"),
                     account("333333333333", "c", AccountStatus::failed, "no")};
  EXPECT_EQ(summary(report, plain), "No account was looked at.\nAccounts: 0 done, 1 denied, 2 failed.\n");
}

TEST(Summary, AnActiveRootKeyIsNotJustHeld) {
  const auto report = report_of({action("<root_account>", "", Action::warn, rotation::RunReason::root_key_active,
                                        ActionStatus::held, "delete it by hand")});
  EXPECT_EQ(summary(report, plain),
            "3 users in 1 account: nothing to do.\n"
            "The root user has an active access key in 1 account: delete it by hand.\n");
}

TEST(Summary, UsersWhoseOwnersAreNotToldAreNotDueSoon) {
  const auto found = [](std::string user, rotation::RunReason reason) {
    return action(std::move(user), "", Action::warn, reason, ActionStatus::held, "nobody");
  };
  EXPECT_EQ(summary(report_of({found("a", rotation::RunReason::unowned), found("b", rotation::RunReason::unowned),
                               found("c", rotation::RunReason::undeliverable)}),
                    plain),
            "3 users in 1 account: nothing to do, 2 unowned, 1 undeliverable.\n");
}

TEST(Summary, SaysOnceHowARoleThatIsShutOutComesBack) {
  const auto shut = [](std::string user) {
    return action(std::move(user), "", Action::relock, rotation::RunReason::shut_out, ActionStatus::failed);
  };
  EXPECT_THAT(summary(report_of({shut("a"), shut("b")}, rotation::Mode::apply), plain),
              AllOf(HasSubstr("nothing done, 2 failed"), HasSubstr("keeps the role of this run off 2 secrets."),
                    HasSubstr("run `rekeyer relock` as the old role")));
  EXPECT_EQ(summary(report_of({action("a", "", Action::relock, rotation::RunReason::lock_differs, ActionStatus::done),
                               action("b", "", Action::adopt, rotation::RunReason::vouched, ActionStatus::done)},
                              rotation::Mode::apply),
                    plain),
            "3 users in 1 account: 1 taken over, 1 relocked.\n");
}

TEST(Summary, SaysThatItWasInterruptedAndWhatIsMissing) {
  auto report = report_of({});
  report.interrupted = true;
  report.incomplete = "stopped before all accounts were listed\x1b[2J";
  EXPECT_EQ(summary(report, plain),
            "3 users in 1 account: nothing to do.\n"
            "Interrupted: what was not begun is listed as held or skipped; run again to go on.\n"
            "Accounts may be missing: stopped before all accounts were listed?[2J\n");
}

TEST(Summary, SaysWhichChannelTookNothingAndWhy) {
  auto report = report_of({});
  report.failing_channels = {"alarms: sns:Publish: NotFound: no such topic\x1b[2J\u202e"};
  EXPECT_THAT(summary(report, plain),
              HasSubstr("\nNot delivered: alarms: sns:Publish: NotFound: no such topic?[2J?\n"));
  EXPECT_TRUE(rotation::has_failures(report));
}

TEST(Summary, PaintsOnlyWhatIsWrongAndOnlyWhereColourIsWanted) {
  EXPECT_THAT(summary(sample_report(rotation::Mode::apply), plain), Not(HasSubstr("\x1b")));
  const auto painted = summary(sample_report(rotation::Mode::apply), {true, 0, false});
  EXPECT_THAT(painted, HasSubstr("2 held, \x1b[31;1m1 failed\x1b[0m, 2 exempt"));
  EXPECT_THAT(painted, HasSubstr("\x1b[31;1m1 denied\x1b[0m"));
  EXPECT_THAT(summary(report_of({}), {true, 0, false}), Not(HasSubstr("\x1b")));
}

TEST(Formats, AreReadByTheirNames) {
  EXPECT_EQ(parse_format("table"), Format::table);
  EXPECT_EQ(parse_format("json"), Format::json);
  EXPECT_EQ(parse_format("csv"), Format::csv);
  for (const std::string_view text : {"", "JSON", "yaml", "tables"})
    EXPECT_EQ(parse_format(text), std::nullopt) << text;
}

}  // namespace
}  // namespace rekeyer::report
