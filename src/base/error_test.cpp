// Errors in words, and the early returns that carry them.
#include "base/error.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <set>

#include "base/try.hpp"
#include "fakes/virtual_time.hpp"

namespace rekeyer {
namespace {

Error denied() { return {ErrorKind::access_denied, "not authorized", "AccessDenied", "iam:ListUsers", "req-1"}; }

TEST(Errors, SayWhereWhatAndWhichRequest) {
  EXPECT_EQ(describe(denied()), "iam:ListUsers: AccessDenied: not authorized (request id req-1)");
  EXPECT_EQ(describe(Error{ErrorKind::usage, "no such file", {}, {}, {}}), "no such file");
  EXPECT_EQ(describe(Error{ErrorKind::not_sent, "", {}, "sts:GetCallerIdentity", {}}),
            "sts:GetCallerIdentity: not_sent");
}

TEST(Errors, TakeAContextAndKeepTheRest) {
  const auto error = in_context(denied(), "account 111111111111");
  EXPECT_EQ(describe(error), "iam:ListUsers: AccessDenied: account 111111111111: not authorized (request id req-1)");
  EXPECT_EQ(error.kind, ErrorKind::access_denied);
}

TEST(Errors, WithoutWordsStillSayTheirKindInAContext) {
  EXPECT_EQ(describe(in_context(Error{ErrorKind::throttled, "", {}, {}, {}}, "listing accounts")),
            "listing accounts: throttled");
}

TEST(Errors, HaveANameOfTheirOwnForEachKind) {
  std::set<std::string_view> names;
  int kinds = 0;
  for (int kind = 0; kind <= static_cast<int>(ErrorKind::rejected); ++kind, ++kinds) {
    const auto word = name(static_cast<ErrorKind>(kind));
    EXPECT_FALSE(word.empty());
    EXPECT_NE(word, "unknown");
    EXPECT_EQ(word.find_first_not_of("abcdefghijklmnopqrstuvwxyz_"), std::string_view::npos) << word;
    names.insert(word);
  }
  EXPECT_EQ(names.size(), static_cast<std::size_t>(kinds));
}

/// Counts how often it was asked.
struct Source {
  int asked = 0;
  Result<int> number(int value) {
    ++asked;
    if (value < 0) return fail(denied());
    return value;
  }
  Result<> check(bool good) {
    ++asked;
    if (!good) return fail(ErrorKind::conflict, "changed meanwhile");
    return {};
  }
};

Result<std::string> sum(Source& source, int a, int b, bool good) {
  TRY(const auto first, source.number(a));
  TRY(auto second, source.number(b));
  TRY_VOID(source.check(good));
  second += first;
  return std::to_string(second);
}

TEST(Try, GoesOnWithTheValue) {
  Source source;
  EXPECT_EQ(sum(source, 1, 2, true).value(), "3");
  EXPECT_EQ(source.asked, 3) << "each expression stands for one evaluation";
}

TEST(Try, ReturnsTheFirstErrorWhole) {
  Source source;
  const auto failed = sum(source, 1, -2, true);
  ASSERT_FALSE(failed);
  EXPECT_EQ(describe(failed.error()), describe(denied()));
  EXPECT_EQ(source.asked, 2);
  const auto conflict = sum(source, 1, 2, false);
  ASSERT_FALSE(conflict);
  EXPECT_EQ(conflict.error().kind, ErrorKind::conflict);
}

Result<std::unique_ptr<int>> made(bool good) {
  if (!good) return fail(ErrorKind::rejected, "no");
  return std::make_unique<int>(7);
}

Result<int> unwrap(bool good) {
  TRY(const auto pointer, made(good));
  return *pointer;
}

TEST(Try, MovesWhatCannotBeCopied) {
  EXPECT_EQ(unwrap(true).value(), 7);
  EXPECT_FALSE(unwrap(false));
}

ResultTask<int> later(Source& source, Clock& clock, int value) {
  co_await clock.sleep_for(std::chrono::seconds{1});
  co_return source.number(value);
}

ResultTask<int> sum_later(Source& source, Clock& clock, int a, int b, bool good) {
  CO_TRY(const auto first, co_await later(source, clock, a));
  CO_TRY(const auto second, co_await later(source, clock, b));
  CO_TRY_VOID(source.check(good));
  co_return first + second;
}

Task<void> keep(ResultTask<int> task, std::optional<Result<int>>& kept) { kept = co_await std::move(task); }

Result<int> run_sum(Source& source, int a, int b, bool good) {
  fakes::VirtualTime time;
  std::optional<Result<int>> kept;
  time.run(keep(sum_later(source, time.clock, a, b, good), kept));
  return kept.value();
}

TEST(CoTry, DoesTheSameInACoroutine) {
  Source source;
  EXPECT_EQ(run_sum(source, 1, 2, true).value(), 3);
  EXPECT_EQ(source.asked, 3);
  source.asked = 0;
  const auto failed = run_sum(source, -1, 2, true);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().kind, ErrorKind::access_denied);
  EXPECT_EQ(source.asked, 1);
  const auto conflict = run_sum(source, 1, 2, false);
  ASSERT_FALSE(conflict);
  EXPECT_EQ(conflict.error().kind, ErrorKind::conflict);
}

}  // namespace
}  // namespace rekeyer
