// Colour by flag and environment, and the progress line that leaves nothing behind.
#include "cli/terminal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include "cli/progress.hpp"

namespace rekeyer::cli {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

TEST(Terminal, ColourIsOnOrOffWhereTheFlagSaysSo) {
  const auto on = inspect_terminal(Colour::on);
  EXPECT_TRUE(on.colour_out && on.colour_err);
  const auto off = inspect_terminal(Colour::off);
  EXPECT_FALSE(off.colour_out || off.colour_err);
}

TEST(Terminal, ColourIsOffWhereOutputIsNoTerminal) {
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  const auto terminal = inspect_terminal(Colour::automatic);
  testing::internal::GetCapturedStdout();
  testing::internal::GetCapturedStderr();
  EXPECT_FALSE(terminal.out || terminal.err || terminal.colour_out || terminal.colour_err);
  EXPECT_EQ(terminal.width, 0);
}

TEST(Terminal, OutputGoesOutWhole) {
  testing::internal::CaptureStdout();
  EXPECT_TRUE(print(std::string_view("a\0b", 3)));
  EXPECT_EQ(testing::internal::GetCapturedStdout(), std::string("a\0b", 3));
}

rotation::AccountOutcome outcome(rotation::AccountStatus status = rotation::AccountStatus::done) {
  rotation::AccountOutcome outcome;
  outcome.status = status;
  outcome.users = 5;
  rotation::ActionOutcome rotated;
  rotated.action = policy::Action::rotate;
  rotated.status = rotation::ActionStatus::done;
  rotation::ActionOutcome failed = rotated;
  failed.status = rotation::ActionStatus::failed;
  rotation::ActionOutcome held = rotated;
  held.status = rotation::ActionStatus::held;
  outcome.actions = {rotated, failed, held};
  return outcome;
}

std::string shown(bool on) {
  testing::internal::CaptureStderr();
  {
    Progress progress(on);
    const auto observer = progress.observer();
    rotation::AccountTarget target;
    target.id = AccountId("111111111111");
    if (observer.account_started) observer.account_started(target);
    if (observer.account_finished) observer.account_finished(outcome());
  }
  return testing::internal::GetCapturedStderr();
}

TEST(Progress, IsOneLineThatIsGoneInTheEnd) {
  const auto text = shown(true);
  EXPECT_THAT(text, HasSubstr("0 of 1 accounts"));
  EXPECT_THAT(text, HasSubstr("1 of 1 accounts so far · 5 users · 2 changes (1 failed) · 111111111111"));
  EXPECT_EQ(text.find('\n'), std::string::npos);
  EXPECT_THAT(text, EndsWith("\r\x1b[K"));
}

TEST(Progress, IsSilentWhereItIsOff) { EXPECT_EQ(shown(false), ""); }

}  // namespace
}  // namespace rekeyer::cli
