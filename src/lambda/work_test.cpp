// What an event may ask for.
#include "lambda/work.hpp"

#include <gtest/gtest.h>

namespace rekeyer::lambda {
namespace {

using rotation::Mode;

const rotation::StoreSettings locked;

Deployment deployment(Mode allowed) {
  Deployment made;
  made.allowed = allowed;
  return made;
}

TEST(Work, HasOneWordEach) {
  for (const std::string_view word : {"plan", "apply", "relock", "relock-plan"}) {
    const auto work = parse_work(word);
    ASSERT_TRUE(work) << word;
    EXPECT_EQ(name(*work), word);
    EXPECT_EQ(work->relock, word.starts_with("relock"));
    EXPECT_EQ(work->mode, word.ends_with("plan") ? Mode::plan : Mode::apply);
  }
  EXPECT_FALSE(parse_work("Apply"));
}

TEST(Work, IsWhatTheDeploymentAllowsWhereNothingIsAsked) {
  EXPECT_EQ(work_of({}, {}, deployment(Mode::plan), locked), Work{});
  EXPECT_EQ(work_of({}, {}, deployment(Mode::apply), locked), (Work{Mode::apply, false}));
  EXPECT_EQ(work_of(Work{}, {}, deployment(Mode::apply), locked), Work{});
}

TEST(Work, OfADeploymentThatMayOnlyPlanChangesNothing) {
  for (const std::string_view word : {"apply", "relock"}) {
    const auto work = work_of(parse_work(word), {}, deployment(Mode::plan), locked);
    ASSERT_FALSE(work);
    EXPECT_EQ(work.error().kind, ErrorKind::usage);
    EXPECT_NE(work.error().message.find(std::string("asks for ") + std::string(word)), std::string::npos);
  }
  EXPECT_TRUE(work_of(parse_work("relock-plan"), {}, deployment(Mode::plan), locked));
}

TEST(Work, APassOfARelockingRunNeverRotates) {
  for (const std::string_view word : {"plan", "apply", "relock"}) {
    const auto work = work_of(parse_work(word), parse_work("relock"), deployment(Mode::apply), locked);
    ASSERT_TRUE(work);
    EXPECT_TRUE(work->relock) << word;
  }
  const auto doubtful = work_of(parse_work("relock"), parse_work("apply"), deployment(Mode::apply), locked);
  ASSERT_TRUE(doubtful);
  EXPECT_TRUE(doubtful->relock);
  EXPECT_EQ(work_of(parse_work("plan"), parse_work("apply"), deployment(Mode::apply), locked), Work{});
}

TEST(Work, PoliciesOfAStoreThatHasNoneAreRefused) {
  rotation::StoreSettings open;
  open.lock = rotation::LockMode::none;
  open.grant = rotation::Grant::none;
  EXPECT_EQ(work_of(parse_work("relock"), {}, deployment(Mode::apply), open).error().kind, ErrorKind::usage);
  EXPECT_TRUE(work_of(parse_work("apply"), {}, deployment(Mode::apply), open));
}

}  // namespace
}  // namespace rekeyer::lambda
