// What can fail for good fails before a key exists, each day in the same words; and what was refused is written down.
#include <gtest/gtest.h>

#include <algorithm>

#include "fakes/rotation_bench.hpp"

namespace rekeyer::rotation {
namespace {

using fakes::Bench;
using fakes::Fault;
using namespace std::chrono_literals;

AccessKeyId arrange_old_key(Bench& bench) {
  bench.account.add_user("ann");
  return bench.account.add_key("ann", 95h * 24, LastUse::used(bench.clock.now() - 5h, "s3", "eu-west-1"));
}

std::ptrdiff_t keys_made(const Bench& bench) { return std::ranges::count(bench.account.log, "CreateAccessKey"); }

/// What five daily runs say. Each must be the same.
std::string each_day(Bench& bench) {
  std::string first;
  for (int day = 0; day < 5; ++day) {
    const auto outcomes = bench.apply("ann").value();
    const auto said = fakes::shape(outcomes);
    if (day == 0) first = said;
    EXPECT_EQ(said, first) << "day " << day;
    bench.clock.advance(24h);
    for (auto& [id, key] : bench.account.keys) key.last_use = LastUse::used(bench.clock.now() - 5h, "s3", "eu-west-1");
  }
  return first;
}

TEST(Preflight, ARefusedKeyIsRefusedEachDayInTheSameWords) {
  for (const auto kind : {ErrorKind::access_denied, ErrorKind::rejected}) {
    Bench bench;
    arrange_old_key(bench);
    bench.account.fault_of["CreateAccessKey"] = {Fault::Kind::refused, kind};
    EXPECT_EQ(each_day(bench), "rotate failed " + std::string(name(kind)));
    bench.account.fault_of.clear();
    EXPECT_EQ(fakes::shape(bench.apply("ann").value()), "rotate done rotation_due");
  }
}

// DescribeKey does not tell what the policy of a KMS key, or one of the organization, refuses.
TEST(Preflight, AValueThatIsRefusedEachDayIsTriedEachDayInTheSameWords) {
  Bench bench;
  const auto old_key = arrange_old_key(bench);
  bench.account.fault_of["PutSecretValue"] = {Fault::Kind::refused, ErrorKind::rejected};
  EXPECT_EQ(each_day(bench), "rotate failed store_failed");
  EXPECT_EQ(keys_made(bench), 5);
  EXPECT_EQ(bench.account.keys_of("ann"), std::vector{old_key});
}

TEST(Preflight, AValueThatWasRefusedIsTriedTheNextDayOrAtOnceByWhoeverAsksForIt) {
  for (const bool asks : {true, false}) {
    Bench bench;
    arrange_old_key(bench);
    bench.account.fault_of["PutSecretValue"] = {Fault::Kind::refused, ErrorKind::access_denied};
    EXPECT_EQ(fakes::shape(bench.apply("ann").value()), "rotate failed store_failed");
    bench.account.fault_of.clear();
    bench.clock.advance(1h);
    const auto outcomes = bench.apply("ann").value();
    EXPECT_EQ(fakes::shape(outcomes), "rotate failed store_failed") << "an hour later";
    EXPECT_NE(outcomes.front().detail.find("`rekeyer rotate`"), std::string::npos) << outcomes.front().detail;
    EXPECT_EQ(keys_made(bench), 1);
    bench.options.force.rotate = asks;
    if (!asks) bench.clock.advance(23h);
    EXPECT_EQ(fakes::shape(bench.apply("ann").value()), asks ? "rotate done forced" : "rotate done rotation_due");
  }
}

TEST(Preflight, AValueThatIsRefusedBesideAnotherKmsKeySaysWhatToDo) {
  Bench bench;
  const auto first = arrange_old_key(bench);
  ASSERT_EQ(fakes::shape(bench.apply("ann").value()), "rotate done rotation_due");
  bench.account.keys.erase(first);
  bench.clock.advance(24h * 95);
  bench.account.keys.begin()->second.last_use = LastUse::used(bench.clock.now() - 5h, "s3", "eu-west-1");
  bench.account.fault_of["PutSecretValue"] = {Fault::Kind::refused, ErrorKind::access_denied};
  EXPECT_EQ(bench.apply("ann").value().front().detail.find("update-secret"), std::string::npos) << "they are the same";
  bench.settings.store.kms_key_id = "alias/new";
  for (const auto passed : {24h, 1h}) {
    bench.clock.advance(passed);
    const auto said = bench.apply("ann").value().front().detail;
    EXPECT_NE(said.find("--kms-key-id alias/new`"), std::string::npos) << said;
  }
}

TEST(Preflight, AValueThatWasThrottledIsTriedInTheNextRun) {
  Bench bench;
  arrange_old_key(bench);
  bench.account.fault_of["PutSecretValue"] = {Fault::Kind::refused, ErrorKind::throttled};
  EXPECT_EQ(fakes::shape(bench.apply("ann").value()), "rotate failed store_failed");
  bench.account.fault_of.clear();
  bench.clock.advance(1h);
  EXPECT_EQ(fakes::shape(bench.apply("ann").value()), "rotate done rotation_due");
}

TEST(Preflight, AGrantThatIsRefusedCostsNoKey) {
  for (const auto grant : {Grant::secret_policy, Grant::user_policy}) {
    Bench bench;
    bench.settings.store.grant = grant;
    arrange_old_key(bench);
    const auto* operation = grant == Grant::user_policy ? "PutUserPolicy" : "PutResourcePolicy";
    bench.account.fault_of[operation] = {Fault::Kind::refused, ErrorKind::limit_exceeded};
    EXPECT_EQ(each_day(bench), "rotate failed store_not_ready") << operation;
    EXPECT_EQ(keys_made(bench), 0);
  }
}

TEST(Preflight, ASecretWithoutRoomForOurTagsCostsNoKey) {
  Bench bench;
  bench.settings.store.lock = LockMode::none;  // so many tags of others would not be touched else
  arrange_old_key(bench);
  bench.account.fault_of["CreateAccessKey"] = {Fault::Kind::refused, ErrorKind::access_denied};
  bench.apply("ann");  // makes the secret
  bench.account.fault_of.clear();
  bench.account.log.clear();
  bench.clock.advance(24h);
  for (int i = 0; i < 45; ++i) bench.secret_of("ann")->tags.emplace("team-" + std::to_string(i), "x");
  EXPECT_EQ(each_day(bench), "rotate failed too_many_tags");
  EXPECT_EQ(keys_made(bench), 0);
  bench.secret_of("ann")->tags.erase("team-0");
  EXPECT_EQ(fakes::shape(bench.apply("ann").value()), "rotate done rotation_due");
}

TEST(Preflight, AKmsKeyThatCanNotBeUsedCostsNoKey) {
  Bench bench;
  arrange_old_key(bench);
  bench.settings.store.kms_key_id = "key-1";
  EXPECT_EQ(each_day(bench), "rotate failed kms_key_unusable") << "there is no such key";
  aws::KmsKey key;
  key.state = "PendingDeletion";
  bench.account.kms_keys["key-1"] = key;
  EXPECT_EQ(each_day(bench), "rotate failed kms_key_unusable");
  EXPECT_EQ(keys_made(bench), 0);
  bench.account.kms_keys["key-1"].enabled = true;
  EXPECT_EQ(fakes::shape(bench.apply("ann").value()), "rotate done rotation_due");
}

TEST(Preflight, WhoMayNotLookAtTheKmsKeyRotatesAllTheSame) {
  Bench bench;
  arrange_old_key(bench);
  bench.settings.store.kms_key_id = "key-1";
  bench.account.fault_of["DescribeKey"] = {Fault::Kind::refused, ErrorKind::access_denied};
  EXPECT_EQ(fakes::shape(bench.apply("ann").value()), "rotate done rotation_due");
}

TEST(Preflight, ACopyThatFailsCostsNoKeyAndIsTriedAgainEachDay) {
  Bench bench;
  arrange_old_key(bench);
  bench.settings.store.replica_regions = {Region("eu-west-1")};
  bench.account.copies_become = {"Failed", "a secret of that name is there"};
  const auto outcomes = bench.apply("ann").value();
  ASSERT_EQ(fakes::shape(outcomes), "rotate failed replica_failed");
  EXPECT_NE(outcomes[0].detail.find("in eu-west-1 failed: a secret of that name is there"), std::string::npos);
  bench.clock.advance(24h);
  EXPECT_EQ(each_day(bench), "rotate failed replica_failed");
  EXPECT_EQ(keys_made(bench), 0);
  bench.account.copies_become = {"InSync", ""};
  EXPECT_EQ(fakes::shape(bench.apply("ann").value()), "rotate done rotation_due");
}

TEST(Preflight, ACopyThatFailsAfterTheRotationIsTriedAgainEachDayUntilTheOldKeyMayRetire) {
  Bench bench;
  const auto old_key = arrange_old_key(bench);
  bench.settings.store.replica_regions = {Region("eu-west-1")};
  ASSERT_EQ(fakes::shape(bench.apply("ann").value()), "rotate done rotation_due");
  for (auto& [id, key] : bench.account.keys) {
    if (id != old_key) key.last_use = LastUse::used(bench.clock.now(), "s3", "eu-west-1");
  }
  bench.account.stored.begin()->second.description.replicas.front().status = std::string(replica_failed_status);
  bench.account.copies_become = {std::string(replica_failed_status), "a secret of that name is there"};
  bench.clock.advance(std::chrono::days{11});
  for (int day = 0; day < 2; ++day) {
    const auto outcomes = bench.apply("ann").value();
    EXPECT_NE(fakes::shape(outcomes).find("hold failed replica_behind"), std::string::npos) << fakes::shape(outcomes);
    EXPECT_NE(outcomes.front().detail.find("ordered anew"), std::string::npos) << outcomes.front().detail;
    bench.clock.advance(24h);
  }
  bench.account.copies_become = {"InSync", ""};
  bench.apply("ann");
  bench.clock.advance(24h);
  EXPECT_EQ(fakes::shape(bench.apply("ann").value()).find("replica_behind"), std::string::npos);
}

constexpr std::string_view keep_out =
    R"({"Version":"2012-10-17","Statement":[{"Sid":"KeepOut","Effect":"Deny","Principal":"*",)"
    R"("Action":"secretsmanager:GetSecretValue","Resource":"*"}]})";

// Whatever grants the owner's reading, and whether or not secrets are locked.
TEST(Preflight, AnOwnerWhoMayNotReadGetsNoKey) {
  for (const auto grant : {Grant::secret_policy, Grant::user_policy, Grant::none}) {
    Bench bench;
    bench.settings.store.grant = grant;
    bench.settings.store.lock = LockMode::none;
    arrange_old_key(bench);
    bench.account.fault_of["CreateAccessKey"] = {Fault::Kind::refused, ErrorKind::access_denied};
    bench.apply("ann");  // makes the secret
    bench.account.fault_of.clear();
    bench.account.log.clear();
    bench.account.stored.begin()->second.policy = keep_out;
    bench.clock.advance(24h);
    EXPECT_EQ(each_day(bench), "rotate failed owner_denied");
    EXPECT_EQ(keys_made(bench), 0);
    bench.account.stored.begin()->second.policy.reset();
    EXPECT_EQ(fakes::shape(bench.apply("ann").value()), "rotate done rotation_due");
  }
}

TEST(Preflight, AnOwnerWhoMayNotReadTheNewKeyKeepsTheOldOne) {
  for (const auto lock : {LockMode::none, LockMode::write}) {
    Bench bench;
    bench.settings.store.lock = lock;
    const auto old_key = arrange_old_key(bench);
    ASSERT_EQ(fakes::shape(bench.apply("ann").value()), "rotate done rotation_due");
    bench.account.keys.at(old_key).last_use = LastUse::used(bench.clock.now() - 100h * 24, "s3", "eu-west-1");
    auto& policy = bench.account.stored.begin()->second.policy;
    const auto ours = policy;
    constexpr std::string_view statements = "\"Statement\":[";
    const std::string denial(keep_out.substr(keep_out.find('{', 1), keep_out.find(']') - keep_out.find('{', 1)));
    policy->insert(policy->find(statements) + statements.size(), denial + ",");
    bench.clock.advance(std::chrono::days{11});
    const auto outcomes = bench.apply("ann").value();
    EXPECT_EQ(fakes::shape(outcomes), "hold failed owner_denied");
    EXPECT_NE(outcomes.front().detail.find("KeepOut"), std::string::npos) << outcomes.front().detail;
    policy = ours;
    bench.clock.advance(24h);
    EXPECT_EQ(fakes::shape(bench.apply("ann").value()), "deactivate done installation_over");
  }
}

// Another run may have taken the copy off a moment ago, to order it anew.
TEST(Preflight, ACopyThatIsNotThereIsOrderedAndTheOldKeyStays) {
  Bench bench;
  const auto old_key = arrange_old_key(bench);
  ASSERT_EQ(fakes::shape(bench.apply("ann").value()), "rotate done rotation_due");
  for (auto& [id, key] : bench.account.keys) {
    if (id != old_key) key.last_use = LastUse::used(bench.clock.now(), "s3", "eu-west-1");
  }
  bench.settings.store.replica_regions = {Region("eu-west-1")};
  bench.clock.advance(std::chrono::days{11});
  const auto outcomes = bench.apply("ann").value();
  EXPECT_EQ(fakes::shape(outcomes), "hold held replica_behind");
  EXPECT_NE(outcomes.front().detail.find("the copy in eu-west-1 is not there"), std::string::npos);
  EXPECT_NE(outcomes.front().detail.find("ordered"), std::string::npos) << outcomes.front().detail;
  bench.clock.advance(24h);
  EXPECT_EQ(fakes::shape(bench.apply("ann").value()), "deactivate done installation_over");
}

TEST(Preflight, WhatARunLeftIsSettledAndRotatedInOneRun) {
  Bench bench;
  arrange_old_key(bench);
  bench.account.fault_of["CreateAccessKey"] = {Fault::Kind::crash_before, {}};
  bench.apply("ann");
  bench.account.fault_of.clear();
  bench.clock.advance(24h);
  EXPECT_EQ(fakes::shape(bench.apply("ann").value()), "recover done intent_expired, rotate done rotation_due");
  EXPECT_FALSE(bench.has_intent("ann"));
}

TEST(Preflight, WhatARunLeftIsClearedWhereNothingIsDueAnyMore) {
  Bench bench;
  const auto old_key = arrange_old_key(bench);
  bench.account.fault_of["CreateAccessKey"] = {Fault::Kind::crash_before, {}};
  bench.apply("ann");
  bench.account.fault_of.clear();
  bench.clock.advance(24h);
  bench.account.keys.erase(old_key);
  bench.account.add_key("ann", 24h * 3, LastUse::used(bench.clock.now() - 5h, "s3", "eu-west-1"));
  EXPECT_EQ(fakes::shape(bench.apply("ann").value()), "recover done intent_expired");
  EXPECT_FALSE(bench.has_intent("ann"));
}

TEST(IssuedNothing, ItsIntentIsClearedWhereNothingIsDueAnyMore) {
  Bench bench;
  const auto old_key = arrange_old_key(bench);
  bench.account.fault_of["CreateAccessKey"] = {Fault::Kind::refused, ErrorKind::access_denied};
  bench.apply("ann");
  bench.account.fault_of.clear();
  ASSERT_TRUE(bench.has_intent("ann"));
  bench.clock.advance(24h);
  bench.account.keys.erase(old_key);
  bench.account.add_key("ann", 24h * 3, LastUse::used(bench.clock.now() - 5h, "s3", "eu-west-1"));
  EXPECT_EQ(fakes::shape(bench.apply("ann").value()), "recover done intent_expired");
  EXPECT_FALSE(bench.has_intent("ann"));
}

// One run, no crash, no lost reply: the owner makes a key of his own between the list and the request.
TEST(IssuedNothing, AnOwnersKeyMadeInTheRaceIsHisOwn) {
  for (const bool uses_it : {true, false}) {
    Bench bench;
    arrange_old_key(bench);
    std::optional<AccessKeyId> own;
    bench.account.before_each_call = [&] {
      if (own || bench.account.log.back() != "CreateAccessKey") return;
      own = bench.account.add_key("ann", 0h, LastUse::never());
    };
    EXPECT_EQ(fakes::shape(bench.apply("ann").value()), "rotate held no_room");
    ASSERT_TRUE(own);
    for (int day = 0; day < 9; ++day) {
      bench.clock.advance(24h);
      if (uses_it && day == 2) {
        bench.account.keys.at(*own).last_use = LastUse::used(bench.clock.now() - 1h, "s3", "eu-west-1");
      }
      bench.apply("ann");
      ASSERT_EQ(bench.account.keys.at(*own).status, KeyStatus::active) << "day " << day;
      if (!uses_it) ASSERT_TRUE(bench.has_intent("ann")) << "should it be what another run lost";
    }
    EXPECT_EQ(bench.has_intent("ann"), !uses_it);
  }
}

}  // namespace
}  // namespace rekeyer::rotation
