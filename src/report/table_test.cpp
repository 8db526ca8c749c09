// The table as a person sees it: whole pictures first, then one rule each.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/report.hpp"
#include "report/sample_report.hpp"
#include "report/terminal_text.hpp"

namespace rekeyer::report {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr Style plain_table{};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.find('\n', at);
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

std::string line_with(const std::string& text, std::string_view word) {
  for (const auto& line : lines_of(text)) {
    if (line.find(word) != std::string::npos) return line;
  }
  return {};
}

TEST(Table, ShowsAPlan) {
  EXPECT_EQ(to_table(sample_report(), plain_table),
            R"(  ACTION       USER      KEY              DUE                      WHY
111111111111  payments
  rotate       ann       AKIAANN2EXAMPLE  2026-11-20 (1 day ago)   rotation_due: created 2026-08-22 (92 days ago), last used 2026-11-21 by s3 in eu-west-1
  deactivate   eve       AKIAEVE2EXAMPLE  2026-11-22 (1 hour ago)  installation_over: never used
  hold         ci-build  AKIACI22EXAMPLE  2026-11-21 (1 day ago)   still_in_use: last used 2026-11-21 by ecr
  rotate held  gus       AKIAGUS2EXAMPLE  2026-11-21 (1 day ago)   run_limit: created 2026-08-23
  warn         bob       AKIABOB2EXAMPLE  2026-11-25 (in 3 days)   rotation_near: created 2026-08-27 (87 days ago)
  2 exempt

222222222222  staging  [denied] sts:AssumeRole: AccessDenied: no such role

Skipped: 444444444444 (account is SUSPENDED)
)");
}

TEST(Table, ShowsWhatWasDone) {
  EXPECT_EQ(to_table(sample_report(rotation::Mode::apply), plain_table),
            R"(  ACTION             USER      KEY              DUE                      WHY
111111111111  payments
  rotated            ann       AKIAANN2EXAMPLE  2026-11-20 (1 day ago)   rotation_due: created 2026-08-22 (92 days ago), last used 2026-11-21 by s3 in eu-west-1
  deactivate failed  eve       AKIAEVE2EXAMPLE  2026-11-22 (1 hour ago)  installation_over: iam:UpdateAccessKey: AccessDenied: not authorized
  hold               ci-build  AKIACI22EXAMPLE  2026-11-21 (1 day ago)   still_in_use: last used 2026-11-21 by ecr
  rotate held        gus       AKIAGUS2EXAMPLE  2026-11-21 (1 day ago)   run_limit: created 2026-08-23
  warn               bob       AKIABOB2EXAMPLE  2026-11-25 (in 3 days)   rotation_near: created 2026-08-27 (87 days ago)
  2 exempt

222222222222  staging  [denied] sts:AssumeRole: AccessDenied: no such role

Skipped: 444444444444 (account is SUSPENDED)
)");
}

TEST(Table, SaysThatNothingIsDue) {
  EXPECT_EQ(to_table(empty_report(), plain_table), "Nothing is due.\n");
  EXPECT_EQ(to_table(report_of({}), plain_table), "Nothing is due.\n");
}

TEST(Table, ExemptUsersAloneAreNothingDue) {
  const auto report =
      report_of({action("dora", "", Action::exempt, policy::Reason::exempt, ActionStatus::held, "sealed")});
  EXPECT_EQ(to_table(report, plain_table), "Nothing is due.\n");
}

TEST(Table, ListsExemptUsersWhereTheyAreAskedFor) {
  auto style = plain_table;
  style.list_exempt = true;
  const auto text = to_table(sample_report(), style);
  EXPECT_THAT(line_with(text, "dora"), HasSubstr("exempt: sealed envelope (SEC-123)"));
  EXPECT_THAT(text, Not(HasSubstr("2 exempt")));
}

TEST(Table, CountsAnExemptUserOnceWhateverTheNumberOfKeys) {
  const auto report =
      report_of({action("dora", "AKIAD1EXAMPLE", Action::exempt, policy::Reason::exempt, ActionStatus::held, "sealed"),
                 action("dora", "AKIAD2EXAMPLE", Action::exempt, policy::Reason::exempt, ActionStatus::held, "sealed"),
                 action("ann", "AKIAANNEXAMPLE", Action::rotate, policy::Reason::rotation_due, ActionStatus::planned)});
  EXPECT_THAT(to_table(report, plain_table), HasSubstr("\n  1 exempt\n"));
}

TEST(Table, AnUnreadableExemptionListIsNeverHidden) {
  std::vector<rotation::ActionOutcome> actions;
  for (const auto* user : {"ann", "bob", "eve"}) {
    actions.push_back(action(user, "", Action::exempt, policy::Reason::exemption_unreadable, ActionStatus::held,
                             "iam:GetGroup: throttled"));
  }
  const auto lines = lines_of(to_table(report_of(std::move(actions)), plain_table));
  ASSERT_EQ(lines.size(), 3) << "one line for all of them";
  EXPECT_EQ(lines.back(), "  exempt  3 users  -    -    exemption_unreadable: iam:GetGroup: throttled");
}

TEST(Table, LeavesOutTheReasonsBracketsWhereAnAccountFailedWithoutOne) {
  auto report = empty_report();
  report.accounts = {account("111111111111", "", AccountStatus::failed),
                     account("222222222222", "b", AccountStatus::failed, "why")};
  EXPECT_EQ(to_table(report, plain_table), "111111111111  [failed]\n222222222222  b  [failed] why\n");
}

TEST(Table, NamesAFewSkippedAccountsAndCountsMany) {
  auto report = empty_report();
  for (int i = 0; i < 7; ++i) {
    report.accounts.push_back(account(fmt::format("{:012}", i), "a", AccountStatus::skipped, "account is SUSPENDED"));
  }
  report.accounts.push_back(account("999999999998", "b", AccountStatus::skipped, "excluded by exclude_ous"));
  report.accounts.push_back(account("999999999999", "b", AccountStatus::skipped, "excluded by exclude_ous"));
  EXPECT_EQ(to_table(report, plain_table),
            "Nothing is due.\n\nSkipped: 7 accounts (account is SUSPENDED)\n"
            "Skipped: 999999999998, 999999999999 (excluded by exclude_ous)\n");
}

TEST(Table, SaysHowFarADueDateIs) {
  const auto due = [](Milliseconds distance) {
    const auto report = report_of({action("ann", "AKIAANNEXAMPLE", Action::rotate, policy::Reason::rotation_due,
                                          ActionStatus::planned, "", run_start + distance)});
    return line_with(to_table(report, plain_table), "ann");
  };
  EXPECT_THAT(due(-std::chrono::days{2}), HasSubstr("2026-11-20 (2 days ago)  rotation_due"));
  EXPECT_THAT(due(-std::chrono::hours{5}), HasSubstr("2026-11-22 (5 hours ago)"));
  EXPECT_THAT(due(Milliseconds{0}), HasSubstr("2026-11-22 (now)"));
  EXPECT_THAT(due(Milliseconds{-1}), HasSubstr("2026-11-22 (now)"));
  EXPECT_THAT(due(std::chrono::hours{5}), HasSubstr("2026-11-22 (in 5 hours)"));
  EXPECT_THAT(due(std::chrono::days{30}), HasSubstr("2026-12-22 (in 30 days)"));
}

TEST(Table, EveryChangeHasItsWords) {
  using enum ActionStatus;
  const std::vector<std::tuple<Action, ActionStatus, std::string>> cases{{Action::rotate, planned, "rotate "},
                                                                         {Action::rotate, done, "rotated "},
                                                                         {Action::deactivate, done, "deactivated "},
                                                                         {Action::remove, planned, "delete "},
                                                                         {Action::remove, done, "deleted "},
                                                                         {Action::recover, done, "recovered "},
                                                                         {Action::recover, failed, "recover failed "},
                                                                         {Action::remove, held, "delete held "},
                                                                         {Action::hold, failed, "failed "},
                                                                         {Action::hold, held, "hold "},
                                                                         {Action::warn, held, "warn "},
                                                                         {Action::keep, planned, "keep "}};
  for (const auto& [what, status, words] : cases) {
    const auto text = to_table(report_of({action("ann", "", what, policy::Reason::idle, status)}), plain_table);
    EXPECT_TRUE(line_with(text, "ann").starts_with("  " + words)) << text;
  }
}

TEST(Table, AlignsByCharactersNotBytes) {
  const auto report = report_of(
      {action("j\xc3\xb6rg", "AKIA1EXAMPLE", Action::rotate, policy::Reason::rotation_due, ActionStatus::planned),
       action("anna", "AKIA2EXAMPLE", Action::rotate, policy::Reason::rotation_due, ActionStatus::planned)});
  const auto text = to_table(report, plain_table);
  EXPECT_THAT(text, HasSubstr("  rotate  j\xc3\xb6rg  AKIA1EXAMPLE  -    rotation_due\n"));
  EXPECT_THAT(text, HasSubstr("  rotate  anna  AKIA2EXAMPLE  -    rotation_due\n"));
}

TEST(Table, ALongNamePushesItsOwnLineOnly) {
  const auto report =
      report_of({action(std::string(64, 'x'), "AKIA1EXAMPLE", Action::rotate, policy::Reason::rotation_due,
                        ActionStatus::planned),
                 action("ann", "AKIA2EXAMPLE", Action::rotate, policy::Reason::rotation_due, ActionStatus::planned)});
  const auto text = to_table(report, plain_table);
  EXPECT_THAT(text, HasSubstr(std::string(64, 'x') + "  AKIA1EXAMPLE"));
  EXPECT_THAT(text, HasSubstr("  ann" + std::string(29, ' ') + "  AKIA2EXAMPLE"));
}

TEST(Table, IsCutAtTheTerminalsWidth) {
  for (const std::size_t width : {60U, 80U, 100U}) {
    const auto lines = lines_of(to_table(sample_report(), {false, width, false}));
    for (const auto& line : lines) {
      if (line.find("[denied]") != std::string::npos) continue;
      EXPECT_LE(display_width(line), width) << line;
    }
    EXPECT_EQ(display_width(lines.at(2)), width) << lines.at(2);
    EXPECT_TRUE(lines.at(2).ends_with("…")) << lines.at(2);
  }
}

TEST(Table, NeverCutsWhyAnythingFailed) {
  const auto text = to_table(sample_report(rotation::Mode::apply), {false, 60, false});
  EXPECT_THAT(text, HasSubstr("iam:UpdateAccessKey: AccessDenied: not authorized\n"));
  EXPECT_THAT(text, HasSubstr("sts:AssumeRole: AccessDenied: no such role\n"));
}

TEST(Table, PaintsOnlyWhereColourIsWanted) {
  EXPECT_THAT(to_table(sample_report(rotation::Mode::apply), plain_table), Not(HasSubstr("\x1b")));
  const auto painted = to_table(sample_report(rotation::Mode::apply), {true, 0, false});
  EXPECT_THAT(painted, HasSubstr("\x1b[32mrotated"));
  EXPECT_THAT(painted, HasSubstr("\x1b[31;1mdeactivate failed"));
  EXPECT_THAT(painted, HasSubstr("\x1b[31;1m[denied]\x1b[0m"));
}

TEST(Table, ColourChangesNothingButColour) {
  for (const std::size_t width : {0U, 70U}) {
    const auto painted = to_table(sample_report(), {true, width, false});
    std::string bare;
    for (std::size_t i = 0; i < painted.size(); ++i) {
      if (painted[i] == '\x1b') i = painted.find('m', i) + 1;
      while (i < painted.size() && painted[i] == '\x1b') i = painted.find('m', i) + 1;
      if (i < painted.size()) bare += painted[i];
    }
    EXPECT_EQ(bare, to_table(sample_report(), {false, width, false}));
  }
}

TEST(Table, NoTextFromAnAccountReachesTheTerminalRaw) {
  const std::string evil =
      "\x1b[2J\r\n\x07\xc2\x9b"
      "31m\x7f";
  auto report =
      report_of({action("u" + evil, "K" + evil, Action::hold, policy::Reason::still_in_use, ActionStatus::held, evil)});
  amend(report, [&](auto& account) { account.name = evil; });
  report.accounts.push_back(account("222222222222", evil, AccountStatus::denied, evil));
  report.accounts.push_back(account("333333333333", evil, AccountStatus::skipped, evil));
  auto exempt = account("444444444444", evil);
  exempt.actions = {action(evil, "", Action::exempt, policy::Reason::exemption_unreadable, ActionStatus::held, evil)};
  report.accounts.push_back(std::move(exempt));
  const auto text = to_table(report, plain_table);
  EXPECT_EQ(text.find_first_of("\x1b\r\x07\x7f"), std::string::npos) << text;
  EXPECT_THAT(text, Not(HasSubstr("\xc2\x9b")));
  EXPECT_THAT(text, HasSubstr("still_in_use: ?[2J????31m?\n"));
  EXPECT_EQ(lines_of(text).size(), 10) << text;
}

TEST(TerminalText, IsNeverCutInsideACharacter) {
  const std::string text = "\xc3\xa9\xe2\x82\xac\xf0\x9f\x94\x91 and more of it, and more";
  EXPECT_EQ(cut(text, 20), "\xc3\xa9\xe2\x82\xac\xf0\x9f\x94\x91 and more of it,…");
  EXPECT_EQ(display_width(cut(text, 20)), 20);
  EXPECT_EQ(cut(text, display_width(text)), text);
  EXPECT_EQ(cut(text, 0), text) << "not a terminal";
  EXPECT_EQ(cut(text, 19), text) << "too narrow for anything";
}

TEST(TerminalText, KeepsWhatIsHarmless) {
  EXPECT_EQ(printable("caf\xc3\xa9 \xc2\xa0\xe2\x82\xac ~"), "caf\xc3\xa9 \xc2\xa0\xe2\x82\xac ~");
  EXPECT_EQ(printable("\xc2"), "?");
  EXPECT_EQ(printable("exe\u202etxt.ann\u200b"), "exe?txt.ann?");
  EXPECT_EQ(printable(std::string_view("\0a", 2)), "?a");
}

}  // namespace
}  // namespace rekeyer::report
