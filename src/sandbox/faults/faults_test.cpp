#include "sandbox/faults/faults.hpp"

#include <gtest/gtest.h>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <set>

#include "fakes/seed.hpp"

namespace rekeyer::sandbox {
namespace {

boost::json::object object(std::string_view text) { return boost::json::parse(text).get_object(); }

FaultRule rule(std::string_view text) {
  auto parsed = parse_fault(object(text));
  EXPECT_TRUE(parsed) << parsed.error().message;
  return *parsed;
}

Call call_of(std::string service, std::string operation) {
  Call call;
  call.service = std::move(service);
  call.operation = std::move(operation);
  return call;
}

const AccountId member("111111111111");

TEST(Faults, StrikeTheNamedOperationAfterTheSkippedOnes) {
  Faults faults(1);
  faults.add(rule(R"({"op":"CreateAccessKey","skip":1,"times":2,"kind":"cut","when":"after"})"));
  std::string struck;
  for (int i = 0; i < 5; ++i) struck += faults.pick(call_of("iam", "CreateAccessKey"), member, "") ? 'x' : '.';
  EXPECT_EQ(struck, ".xx..");
  EXPECT_FALSE(faults.pick(call_of("iam", "ListUsers"), member, ""));
  EXPECT_EQ(faults.rules()[0].seen, 5);
  EXPECT_EQ(faults.rules()[0].hit, 2);
}

TEST(Faults, ARuleOfNoTimesStrikesForEver) {
  Faults faults(1);
  faults.add(rule(R"({"op":"*","times":0})"));
  for (int i = 0; i < 9; ++i) EXPECT_TRUE(faults.pick(call_of("iam", "ListUsers"), member, ""));
}

TEST(Faults, ChangingMeansWhatMayChangeSomething) {
  Faults faults(1);
  faults.add(rule(R"({"op":"changing","times":0})"));
  EXPECT_TRUE(faults.pick(call_of("iam", "TagUser"), member, ""));
  EXPECT_FALSE(faults.pick(call_of("iam", "GetUser"), member, ""));
  EXPECT_FALSE(faults.pick(call_of("sts", "AssumeRole"), member, ""));
}

TEST(Faults, MatchServiceAccountAndBody) {
  Faults faults(1);
  faults.add(rule(R"({"service":"iam","account":"111111111111","match":"UserName=ann","times":0})"));
  EXPECT_TRUE(faults.pick(call_of("iam", "X"), member, "Action=X&UserName=ann"));
  EXPECT_FALSE(faults.pick(call_of("iam", "X"), member, "Action=X&UserName=bob"));
  EXPECT_FALSE(faults.pick(call_of("sts", "X"), member, "UserName=ann"));
  EXPECT_FALSE(faults.pick(call_of("iam", "X"), AccountId("222222222222"), "UserName=ann"));
}

TEST(Faults, TheFirstRuleThatIsNotUsedUpStrikes) {
  Faults faults(1);
  faults.add(rule(R"({"kind":"throttle"})"));
  faults.add(rule(R"({"kind":"html"})"));
  EXPECT_EQ(faults.pick(call_of("iam", "X"), member, "")->kind, FaultKind::throttle);
  EXPECT_EQ(faults.pick(call_of("iam", "X"), member, "")->kind, FaultKind::html);
  EXPECT_FALSE(faults.pick(call_of("iam", "X"), member, ""));
}

TEST(Faults, AreReadAndDescribedInTheSameWords) {
  const auto text =
      R"({"op":"X","service":"iam","account":"1","match":"m","skip":2,"times":3,"when":"after","kind":"hang",)"
      R"("code":"C","message":"M","status":503,"seconds":1.5,"seen":0,"hit":0})";
  EXPECT_EQ(
      boost::json::serialize(describe_fault(rule(text))),
      boost::json::serialize(object(
          R"({"op":"X","service":"iam","account":"1","match":"m","skip":2,"times":3,"when":"after","kind":"hang","code":"C",)"
          R"("message":"M","status":503,"seconds":1.5,"seen":0,"hit":0})")));
  EXPECT_EQ(rule(R"({"kind":"hang"})").wait, Milliseconds(5'000));
  EXPECT_EQ(rule(R"({"kind":"delay"})").wait, Milliseconds(1'000));
  EXPECT_EQ(rule(R"({"kind":"signal"})").signal, 9);
}

TEST(Faults, WhatIsNoFaultIsRefused) {
  for (const std::string_view text : {R"({"kind":"nothing"})", R"({"when":"later"})", R"({"skip":-1})",
                                      R"({"opp":"X"})", R"({"seconds":"1"})", R"({"op":1})", R"({"times":1.5})"}) {
    EXPECT_FALSE(parse_fault(object(text))) << text;
  }
}

TEST(RandomFaults, IsTheSameForTheSameSeedAndStrikesAboutAsOftenAsAsked) {
  const auto seed = fakes::seed();
  Faults first(seed);
  Faults second(seed);
  for (Faults* faults : {&first, &second}) faults->set_random_faults({.probability = 0.25});
  int struck = 0;
  std::set<FaultKind> kinds;
  for (int i = 0; i < 4'000; ++i) {
    const auto one = first.pick(call_of("iam", "TagUser"), member, "");
    const auto other = second.pick(call_of("iam", "TagUser"), member, "");
    ASSERT_EQ(one.has_value(), other.has_value());
    if (!one) continue;
    ++struck;
    kinds.insert(one->kind);
    EXPECT_EQ(one->kind, other->kind);
    EXPECT_EQ(one->wait, other->wait);
    EXPECT_NE(one->kind, FaultKind::expired) << "nobody's session can end: there is none";
    if (one->after) {
      EXPECT_NE(one->kind, FaultKind::throttle);
    }
  }
  EXPECT_NEAR(struck, 1'000, 200);
  EXPECT_EQ(kinds.size(), 8U);
}

TEST(RandomFaults, KeepsToTheSideThatIsAllowed) {
  Faults faults(7);
  faults.set_random_faults({.probability = 1, .before = true, .after = false});
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(faults.pick(call_of("iam", "X"), member, "")->after);
  faults.set_random_faults({.probability = 1, .before = false, .after = false});
  EXPECT_FALSE(faults.pick(call_of("iam", "X"), member, ""));
  faults.set_random_faults({});
  EXPECT_FALSE(faults.pick(call_of("iam", "X"), member, ""));
}

}  // namespace
}  // namespace rekeyer::sandbox
