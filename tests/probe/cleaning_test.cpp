// Clearing up after a run that died: by its journal, by names and tags alone, and never what is somebody else's.
#include <gmock/gmock.h>

#include "probe/probed_account.hpp"

namespace rekeyer::probe {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class CleaningTest : public ProbedAccount {
 protected:
  /// As a run leaves it that is killed after it made something of each kind.
  void leave_something() {
    const auto here = account();
    auto written = journal();
    Bench probing(here, written, 10min);
    const auto user = bench.run(probing.make_user("ann"));
    ASSERT_TRUE(user) << describe(user.error());
    ASSERT_TRUE(bench.run(probing.make_key(*user)));
    ASSERT_TRUE(bench.run(probing.make_secret("value")));
    ASSERT_TRUE(bench.run(probing.make_topic("news")));
  }
  std::string line(std::string_view account, std::string_view suffix) const {
    const RunId run("0123456789abcdef");
    return fmt::format("make 2026-03-01T00:00:00Z user {} us-east-1 {} {}\n", account, run, name_of(run, suffix));
  }

  const std::set<std::string> before = holdings();
};

TEST_F(CleaningTest, TakesAwayWhatTheJournalTells) {
  leave_something();
  const auto cleaning = cleaned(journals());
  EXPECT_THAT(cleaning.taken_away, SizeIs(3));
  EXPECT_THAT(cleaning.left, IsEmpty());
  EXPECT_EQ(holdings(), before);
  EXPECT_THAT(journals(), IsEmpty());
}

TEST_F(CleaningTest, FindsAllByNamesAndTagsWhereTheJournalIsLost) {
  leave_something();
  EXPECT_THAT(cleaned({}).taken_away, SizeIs(3));
  EXPECT_EQ(holdings(), before);
}

TEST_F(CleaningTest, WaitsForARequestThatMayStillArriveAndForgetsItThen) {
  apply_fault("CreateUser", sandbox::FaultKind::cut, false);
  {
    const auto here = account();
    auto written = journal();
    Bench probing(here, written, 10min);
    ASSERT_FALSE(bench.run(probing.make_user("ann")));
  }
  const auto at_once = cleaned(journals());
  ASSERT_THAT(at_once.left, SizeIs(1));
  EXPECT_TRUE(at_once.left.front().may_come);
  EXPECT_THAT(journals(), SizeIs(1));
  wait(request_lives);
  EXPECT_THAT(cleaned(journals()).left, IsEmpty());
  EXPECT_THAT(journals(), IsEmpty());
}

TEST_F(CleaningTest, WhatAJournalTellsOfAnotherAccountIsCountedAndKept) {
  folder.write("run.journal", line("222222222222", "ann"));
  const auto cleaning = cleaned(journals());
  EXPECT_EQ(cleaning.of_other_accounts, 1U);
  EXPECT_THAT(cleaning.taken_away, IsEmpty());
  EXPECT_THAT(cleaning.left, IsEmpty());
  EXPECT_EQ(folder.read("run.journal"), line("222222222222", "ann"));
}

TEST_F(CleaningTest, AJournalThatIsTornInTheMiddleHidesNothing) {
  leave_something();
  const auto torn = line("100000000000", "ann") + "make 2026-03-01T00:0" + line("100000000000", "bob");
  folder.write("run.journal", torn);
  folder.write("whole.journal", line("100000000000", "cid"));
  wait(request_lives);
  const auto cleaning = cleaned(journals());
  EXPECT_THAT(cleaning.unreadable, ElementsAre(HasSubstr("run.journal can't be used as the journal: line 2")));
  EXPECT_THAT(cleaning.taken_away, SizeIs(3)) << "by names and tags";
  EXPECT_EQ(holdings(), before);
  EXPECT_EQ(folder.read("run.journal"), torn) << "it stays for whoever looks into it";
  EXPECT_THAT(journals(), SizeIs(1)) << "the other one is done";
}

TEST_F(CleaningTest, ANameWithoutTheTagIsLeftAlone) {
  leave_something();
  auto& home = aws_itself.world.account(id);
  for (auto& [region, vault] : home.vaults) {
    for (auto& [name, secret] : vault.secrets) secret.tags = {{"rekeyer:probe", "fedcba9876543210"}};
  }
  const auto cleaning = cleaned({});
  EXPECT_THAT(cleaning.taken_away, SizeIs(2));
  ASSERT_THAT(cleaning.left, SizeIs(1));
  EXPECT_THAT(cleaning.left.front().why, HasSubstr("left alone"));
  EXPECT_EQ(holdings().size(), before.size() + 1);
}

TEST_F(CleaningTest, GoesOnAfterAThrottledRemovalAndTellsADeniedOne) {
  leave_something();
  apply_fault("DeleteTopic", sandbox::FaultKind::throttle, false, 2);
  apply_fault("DeleteSecret", sandbox::FaultKind::deny, false);
  EXPECT_THAT(cleaned(journals()).left, SizeIs(1));
  EXPECT_EQ(holdings().size(), before.size() + 1);
  EXPECT_THAT(cleaned(journals()).left, IsEmpty());
  EXPECT_EQ(holdings(), before);
}

}  // namespace
}  // namespace rekeyer::probe
