// Whole probes in virtual time: ended after each call that changes something, by a crash and by a wish to stop.
#include <gmock/gmock.h>

#include "probe/probed_account.hpp"

namespace rekeyer::probe {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;

/// Checks that make all that is ever made, and take all ways of making it.
const std::vector<std::string> of_each_kind{
    "iam.user-rename-keeps-id", "iam.policy-comes-back",       "iam.user-name-ignores-case",
    "iam.deny-all-stops-key",   "secrets.label-moves-once",    "secrets.policy-not-action",
    "secrets.scheduled-put",    "secrets.copy-stops-deletion", "sns.published"};

struct Crash {};

class ProbingTest : public ProbedAccount {
 protected:
  /// `then` is called after that many changing calls, and never for 0.
  void after_changes(int wanted, std::function<void()> then) {
    changes = 0;
    aws_itself.after_each_call = [this, wanted, then = std::move(then)](const sandbox::LoggedCall& call) {
      if (call.changing && ++changes == wanted) then();
    };
  }
  Outcome probed(const std::vector<std::string>& patterns = of_each_kind) {
    const auto here = account();
    auto written = journal();
    Wishes wishes{.checks = selected(all_checks(), patterns), .patience = 10min};
    auto outcome = bench.run(probe::probe(here, written, std::move(wishes)));
    written.close_if_empty();
    return outcome;
  }
  int all_changes() {
    after_changes(0, {});
    EXPECT_THAT(probed().left, IsEmpty());
    return changes;
  }

  const std::set<std::string> before = holdings();
  int changes = 0;
};

TEST_F(ProbingTest, TriesEachCheckAndLeavesNothing) {
  const auto outcome = probed({});
  EXPECT_EQ(outcome.tried.size(), all_checks().size());
  for (const auto& tried : outcome.tried) {
    EXPECT_NE(tried.finding.verdict, Verdict::different) << tried.check.name << ": " << tried.finding.seen;
    EXPECT_EQ(tried.finding.verdict == Verdict::not_tried, tried.check.attempt == nullptr)
        << tried.check.name << ": " << tried.finding.seen;
  }
  EXPECT_THAT(outcome.left, IsEmpty());
  EXPECT_THAT(journals(), IsEmpty());
  EXPECT_EQ(holdings(), before);
}

TEST_F(ProbingTest, AfterACrashAtAnyChangeCleaningTakesAllAway) {
  const auto steps = all_changes();
  ASSERT_GT(steps, 30);
  for (int step = 1; step <= steps; ++step) {
    SCOPED_TRACE(step);
    after_changes(step, [] { throw Crash{}; });
    EXPECT_THROW(probed(), Crash);
    aws_itself.after_each_call = nullptr;
    wait(request_lives);
    EXPECT_THAT(cleaned(journals()).left, IsEmpty());
    EXPECT_THAT(journals(), IsEmpty());
    ASSERT_EQ(holdings(), before);
  }
}

TEST_F(ProbingTest, AfterAWishToStopNothingMoreIsTriedAndAllIsTakenAway) {
  const auto steps = all_changes();
  for (int step = 1; step < steps; ++step) {
    SCOPED_TRACE(step);
    stop = {};
    after_changes(step, [this] { stop.request(); });
    const auto outcome = probed();
    EXPECT_THAT(outcome.left, IsEmpty());
    EXPECT_THAT(journals(), IsEmpty());
    ASSERT_EQ(holdings(), before);
  }
}

TEST_F(ProbingTest, WhatComesAfterAWishToStopIsNotTried) {
  after_changes(1, [this] { stop.request(); });
  const auto outcome = probed();
  ASSERT_EQ(outcome.tried.size(), of_each_kind.size());
  EXPECT_EQ(outcome.tried.back().finding.verdict, Verdict::not_tried);
  EXPECT_EQ(outcome.tried.back().finding.seen, "stopped before it was tried");
}

}  // namespace
}  // namespace rekeyer::probe
