// The protocol of one rotation against an account in memory: every call of it fails, loses its reply or is the last one
// before a crash, and the invariants hold after each call, and the next runs repair what was left.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <string>

#include "base/random.hpp"
#include "fakes/rotation_bench.hpp"
#include "policy/intent.hpp"

namespace rekeyer::rotation {
namespace {

using fakes::Bench;
using fakes::Fault;
using fakes::shape;
using namespace std::chrono_literals;

constexpr std::chrono::hours days(int n) { return std::chrono::hours{24 * n}; }

/// A user with one key of 95 days, in daily use.
AccessKeyId arrange_due_user(Bench& bench) {
  bench.account.add_user("ann");
  return bench.account.add_key("ann", days(95), LastUse::used(bench.clock.now() - 5h, "s3", "eu-west-1"));
}

/// I1: an active key of ours is stored, or a recorded intent covers it.
std::string broken_i1(Bench& bench) {
  for (const auto& [id, key] : bench.account.keys) {
    if (!key.issued_by_rekeyer || key.status != KeyStatus::active || bench.account.is_stored(id)) continue;
    if (!bench.has_intent(key.user.str()))
      return "I1: active key " + id.str() + " is stored nowhere and no intent covers it";
  }
  return {};
}

TEST(Rotate, IssuesStoresVerifiesPublishesAndRecords) {
  Bench bench;
  const auto old_key = arrange_due_user(bench);
  const auto outcomes = bench.apply("ann");
  ASSERT_TRUE(outcomes);
  EXPECT_EQ(shape(*outcomes), "rotate done rotation_due");
  ASSERT_EQ(bench.account.keys_of("ann").size(), 2u);
  const auto published = bench.published_key("ann");
  ASSERT_TRUE(published);
  EXPECT_NE(*published, old_key);
  EXPECT_EQ(bench.account.keys.at(old_key).status, KeyStatus::active) << "rotation is additive";
  EXPECT_FALSE(bench.has_intent("ann"));
  const auto custody = policy::parse_custody(bench.secret_of("ann")->tags.at(std::string(policy::custody_tag)));
  ASSERT_TRUE(custody);
  EXPECT_EQ(custody->find(*published)->phase, policy::KeyPhase::current);
  EXPECT_EQ(custody->find(old_key)->phase, policy::KeyPhase::retiring);
}

TEST(Rotate, ASecretHasTheTagsOfTheSettingsFromItsCreationOn) {
  Bench bench;
  bench.settings.store.tags = {{"CostCenter", "42"}};
  arrange_due_user(bench);
  bench.account.fault_of["TagResource"] = {Fault::Kind::refused, ErrorKind::access_denied};
  ASSERT_TRUE(bench.apply("ann"));
  ASSERT_NE(bench.secret_of("ann"), nullptr);
  EXPECT_EQ(bench.secret_of("ann")->tags.at("CostCenter"), "42") << "a policy may ask for it in the very call";
}

TEST(Rotate, ASecretThatWasThereGetsTheTagsOfTheSettingsWithTheIntent) {
  Bench bench;
  arrange_due_user(bench);
  bench.account.fault_of["CreateAccessKey"] = {Fault::Kind::refused, ErrorKind::access_denied};
  ASSERT_TRUE(bench.apply("ann"));
  ASSERT_NE(bench.secret_of("ann"), nullptr);
  bench.account.fault_of.clear();
  bench.settings.store.tags = {{"CostCenter", "42"}};
  bench.clock.advance(1h);
  EXPECT_EQ(shape(bench.apply("ann").value()), "rotate done rotation_due");
  EXPECT_EQ(bench.secret_of("ann")->tags.at("CostCenter"), "42");
}

TEST(Rotate, CostsAtMostSixteenCallsAndTwelveFromTheSecondOn) {
  constexpr std::size_t facts = 3;  // keys, last use, secret
  Bench bench;
  const auto old_key = arrange_due_user(bench);
  bench.account.spreading = 0s;
  ASSERT_EQ(shape(bench.apply("ann").value()), "rotate done rotation_due");
  EXPECT_LE(bench.account.calls, facts + 16u) << testing::PrintToString(bench.account.log);
  bench.clock.advance(days(1));
  bench.account.log.clear();
  bench.apply("ann");
  EXPECT_EQ(std::ranges::count(bench.account.log, "TagResource"), 1) << "settled, once";
  EXPECT_LE(bench.account.log.size(), 6U) << testing::PrintToString(bench.account.log);

  bench.account.keys.erase(old_key);
  bench.clock.advance(days(95));
  bench.account.keys.begin()->second.last_use = LastUse::used(bench.clock.now() - 5h, "s3", "eu-west-1");
  bench.account.log.clear();
  bench.account.calls = 0;
  ASSERT_EQ(shape(bench.apply("ann").value()), "rotate done rotation_due");
  EXPECT_LE(bench.account.calls, facts + 12u) << testing::PrintToString(bench.account.log);
}

TEST(Rotate, TwiceInARowDoesTheWorkOnce) {
  Bench bench;
  arrange_due_user(bench);
  ASSERT_TRUE(bench.apply("ann"));
  const auto again = bench.apply("ann");
  ASSERT_TRUE(again);
  EXPECT_EQ(bench.account.keys_of("ann").size(), 2u);
  EXPECT_EQ(std::ranges::count(bench.account.log, "CreateAccessKey"), 1);
}

TEST(Rotate, LostCreateReplyIsNeverSentAgainAndTheKeyIsWithdrawnByALaterRun) {
  Bench bench;
  const auto old_key = arrange_due_user(bench);
  bench.account.fault_of["CreateAccessKey"] = {Fault::Kind::lost_reply, {}};
  EXPECT_EQ(shape(bench.apply("ann").value()), "rotate failed outcome_unknown");
  EXPECT_EQ(std::ranges::count(bench.account.log, "CreateAccessKey"), 1);
  bench.account.fault_of.clear();

  bench.clock.advance(2min);
  EXPECT_NE(shape(bench.apply("ann").value()).find("in_progress"), std::string::npos) << "the lease still runs";

  bench.clock.advance(20min);
  EXPECT_EQ(shape(bench.apply("ann").value()).substr(0, 28), "recover done intent_expired,");
  for (const auto& id : bench.account.keys_of("ann")) {
    const auto expected = id == old_key ? KeyStatus::active : KeyStatus::inactive;
    EXPECT_EQ(bench.account.keys.at(id).status, expected);
  }
  EXPECT_FALSE(bench.has_intent("ann"));

  bench.clock.advance(days(1) + 1h);
  EXPECT_NE(shape(bench.apply("ann").value()).find("delete done orphan"), std::string::npos);
  EXPECT_EQ(shape(bench.apply("ann").value()), "rotate done rotation_due");
}

TEST(Rotate, KeyWhoseSecretCanNotBeStoredIsWithdrawnAtOnce) {
  Bench bench;
  const auto old_key = arrange_due_user(bench);
  bench.account.fault_of["PutSecretValue"] = {Fault::Kind::refused, ErrorKind::access_denied};
  const auto outcomes = bench.apply("ann").value();
  EXPECT_EQ(shape(outcomes), "rotate failed store_failed");
  EXPECT_EQ(bench.account.keys_of("ann"), std::vector{old_key});
  EXPECT_EQ(outcomes[0].detail.find("s3cret"), std::string::npos);
}

TEST(Rotate, StoresAgainAfterALostReply) {
  Bench bench;
  arrange_due_user(bench);
  bench.account.lose_next_reply("PutSecretValue");
  EXPECT_EQ(shape(bench.apply("ann").value()), "rotate done rotation_due");
}

/// A due user whose secret has been locked since a rotation of long ago. Returns the key that is due.
AccessKeyId arrange_due_again(Bench& bench) {
  const auto first = arrange_due_user(bench);
  bench.apply("ann");
  bench.clock.advance(24h);
  bench.apply("ann");
  bench.account.keys.erase(first);
  bench.clock.advance(95 * 24h);
  const auto due = bench.account.keys.begin()->first;
  bench.account.keys.at(due).last_use = LastUse::used(bench.clock.now() - 5h, "s3", "eu-west-1");
  return due;
}

TEST(Rotate, WhoseStoreNeverAnswersLeavesItToALaterRun) {
  Bench bench;
  const auto old_key = arrange_due_again(bench);
  bench.account.fault_of["PutSecretValue"] = {Fault::Kind::lost_reply, {}};
  EXPECT_EQ(shape(bench.apply("ann").value()), "rotate failed outcome_unknown");
  EXPECT_EQ(bench.published_key("ann"), old_key);
  bench.account.fault_of.clear();
  bench.clock.advance(30min);
  EXPECT_EQ(shape(bench.apply("ann").value()), "recover done intent_expired");
  ASSERT_TRUE(bench.published_key("ann"));
  EXPECT_NE(*bench.published_key("ann"), old_key);
}

TEST(Rotate, KeyThatNeverAnswersIsNotPublishedUntilALaterRun) {
  Bench bench;
  const auto old_key = arrange_due_again(bench);
  bench.account.spreading = 10min;
  EXPECT_EQ(shape(bench.apply("ann").value()), "rotate failed not_verified");
  EXPECT_EQ(bench.published_key("ann"), old_key);
  EXPECT_EQ(broken_i1(bench), "");
  bench.clock.advance(30min);
  bench.apply("ann");
  ASSERT_TRUE(bench.published_key("ann"));
  EXPECT_NE(*bench.published_key("ann"), old_key);
}

// Whoever saw the key in a list could have stored a value under its token before the new secret's lock held everywhere.
TEST(Rotate, AKeyThatNobodyHasUsedIsWithdrawnWhereItsSecretWasLockedByTheSameRun) {
  Bench bench;
  const auto old_key = arrange_due_user(bench);
  bench.account.spreading = 10min;
  EXPECT_EQ(shape(bench.apply("ann").value()), "rotate failed not_verified");
  bench.clock.advance(30min);
  EXPECT_EQ(shape(bench.apply("ann").value()), "recover done intent_expired, hold held no_room");
  EXPECT_FALSE(bench.published_key("ann"));
  EXPECT_EQ(bench.account.keys.at(old_key).status, KeyStatus::active);
  for (int day = 0; day < 3; ++day) {
    bench.clock.advance(24h);
    bench.apply("ann");
  }
  EXPECT_TRUE(bench.published_key("ann")) << "rotated anew";
}

TEST(Rotate, NothingIsSignedInTheLastEightMinutesOfALease) {
  Bench bench;
  arrange_due_user(bench);
  bench.account.fault_of["PutSecretValue"] = {Fault::Kind::refused, ErrorKind::throttled};
  const auto start = bench.clock.now();
  bench.apply("ann");
  EXPECT_LE(bench.clock.now() - start, policy::lease_length - policy::lease_quiet_end);
}

TEST(Recover, OwnersOwnKeyMadeAfterTheLeaseIsLeftAlone) {
  Bench bench;
  arrange_due_user(bench);
  bench.account.fault_of["CreateAccessKey"] = {Fault::Kind::crash_before, {}};
  bench.apply("ann");
  bench.account.fault_of.clear();
  bench.clock.advance(days(2));
  const auto own = bench.account.add_key("ann", 1h, LastUse::never());
  bench.apply("ann");
  EXPECT_EQ(bench.account.keys.at(own).status, KeyStatus::active);
  EXPECT_FALSE(bench.has_intent("ann"));
}

// The intent that a dead adopter left has a later lease, under which the owner's key could have been made.
TEST(Recover, OwnersOwnKeyMadeBetweenTwoRecoveriesIsNoOrphan) {
  Bench bench;
  arrange_due_user(bench);
  bench.account.fault_of["CreateAccessKey"] = {Fault::Kind::crash_before, {}};
  bench.apply("ann");
  ASSERT_TRUE(bench.crashed);
  bench.account.fault_of.clear();
  bench.clock.advance(std::chrono::hours{24});
  const auto own = bench.account.add_key("ann", std::chrono::hours{0}, LastUse::never());
  bench.clock.advance(std::chrono::hours{24});
  bench.account.fault_of["TagResource"] = {Fault::Kind::crash_after, {}};  // adopted, and dead
  bench.apply("ann");
  ASSERT_TRUE(bench.crashed);
  bench.account.fault_of.clear();
  bench.clock.advance(std::chrono::minutes{16});
  bench.apply("ann");
  const auto custody = policy::parse_custody(bench.secret_of("ann")->tags.at(std::string(policy::custody_tag)));
  ASSERT_TRUE(custody);
  const auto* record = custody->find(own);
  if (record != nullptr) {
    EXPECT_EQ(record->phase, policy::KeyPhase::watched) << "nobody can tell, so it has the whole recovery period";
  }
  bench.clock.advance(std::chrono::hours{72});  // longer than an orphan's grace
  bench.apply("ann");
  const auto keys = bench.account.keys_of("ann");
  EXPECT_NE(std::ranges::find(keys, own), keys.end()) << "deleted like an orphan";
}

// It may be theirs, and somebody said that nothing of theirs may change.
TEST(Recover, KeyOfAnExemptUserMadeWhileAnIntentWaitedIsLeftAlone) {
  Bench bench;
  arrange_due_user(bench);
  bench.account.fault_of["CreateAccessKey"] = {Fault::Kind::crash_before, {}};
  bench.apply("ann");
  ASSERT_TRUE(bench.crashed);
  bench.account.users.at(UserName("ann")).tags["rekeyer:exempt"] = "by hand";
  bench.account.fault_of.clear();
  bench.clock.advance(days(9));
  const auto own = bench.account.add_key("ann", 0h, LastUse::never());
  bench.account.fault_of["TagResource"] = {Fault::Kind::crash_after, {}};  // adopted, and dead: a lease until later
  bench.apply("ann");
  ASSERT_TRUE(bench.crashed);
  bench.account.fault_of.clear();
  bench.clock.advance(16min);
  bench.apply("ann");
  EXPECT_EQ(bench.account.keys.at(own).status, KeyStatus::active);
  EXPECT_FALSE(bench.has_intent("ann"));
}

TEST(Recover, KeyThatARunLeftAtAUserWhoIsExemptByNowIsWithdrawn) {
  Bench bench;
  const auto old_key = arrange_due_user(bench);
  bench.account.fault_of["CreateAccessKey"] = {Fault::Kind::crash_after, {}};
  bench.apply("ann");
  bench.account.users.at(UserName("ann")).tags["rekeyer:exempt"] = "by hand";
  bench.account.fault_of.clear();
  bench.clock.advance(days(9));
  bench.apply("ann");
  EXPECT_EQ(bench.account.keys.size(), 2U);
  for (const auto& [id, key] : bench.account.keys) {
    EXPECT_EQ(key.status, id == old_key ? KeyStatus::active : KeyStatus::inactive);
  }
  EXPECT_FALSE(bench.has_intent("ann"));
}

/// The user's secret, made by somebody who may make and tag secrets, with an intent on it that no run wrote.
void forge_intent(Bench& bench, const std::string& name, const std::string& value) {
  const auto secret = secret_name(bench.settings.store.name_template, bench.account_id, UserName(name));
  aws::CreateSecret request;
  request.name = secret;
  request.tags = {{std::string(policy::intent_tag), value}};
  const auto at = aws::SignBefore::at(bench.clock.now() + std::chrono::minutes{5});
  const auto made = bench.run(bench.account.create_secret(std::move(request), at));
  ASSERT_TRUE(made && *made);
}

TEST(Recover, AKeyOlderThanTheIntentIsNotItsWhateverListSomebodyWrote) {
  Bench bench;
  bench.account.add_user("ann");
  const auto spare = bench.account.add_key("ann", days(20), LastUse::never());
  const auto used = bench.account.add_key("ann", days(30), LastUse::used(bench.clock.now() - 24h, "s3", "eu-west-1"));
  forge_intent(bench, "ann", "1 run=deadbeefdeadbeef start=20261121T220000Z lease=20261121T221500Z had=");
  for (int day = 0; day < 3; ++day) {
    ASSERT_TRUE(bench.apply("ann"));
    bench.clock.advance(days(1) + 1min);
  }
  EXPECT_EQ(bench.account.keys.at(spare).status, KeyStatus::active);
  EXPECT_EQ(bench.account.keys.at(used).status, KeyStatus::active);
}

TEST(Recover, ALeaseThatNoRunCanHaveIsAFailureEachDayAndNoWait) {
  for (const std::string value :
       {"1 run=x start=20260101T000000Z lease=99991231T000000Z had=", "none until=99991231T000000Z"}) {
    Bench bench;
    bench.settings.store.lock = LockMode::none;  // else nothing that stood there before is believed
    bench.account.add_user("ann");
    bench.account.add_key("ann", days(95), LastUse::used(bench.clock.now() - 24h, "s3", "eu-west-1"));
    forge_intent(bench, "ann", value);
    const auto outcomes = bench.apply("ann");
    ASSERT_TRUE(outcomes);
    EXPECT_EQ(shape(*outcomes), "hold failed intent_unreadable") << value;
    EXPECT_EQ(bench.account.keys_of("ann").size(), 1U);
  }
}

TEST(Recover, ReRunsOfAnInterruptedRecoveryStillWithdrawTheOrphan) {
  Bench bench;
  arrange_due_user(bench);
  bench.account.fault_of["CreateAccessKey"] = {Fault::Kind::crash_after, {}};
  bench.apply("ann");
  bench.account.fault_of.clear();
  for (int i = 0; i < 3; ++i) {
    bench.clock.advance(30min);
    bench.account.fault_of["UpdateAccessKey"] = {Fault::Kind::crash_before, {}};
    bench.apply("ann");
  }
  bench.account.fault_of.clear();
  bench.clock.advance(30min);
  bench.apply("ann");
  std::size_t issued = 0;
  for (const auto& [id, key] : bench.account.keys) {
    if (!key.issued_by_rekeyer) continue;
    EXPECT_EQ(key.status, KeyStatus::inactive);
    ++issued;
  }
  EXPECT_EQ(issued, 1U);
}

struct Damage {
  const char* name;
  Fault fault;
};

class EveryCall : public testing::TestWithParam<Damage> {};

/// The fault strikes the n-th call of the first run, for every n; later runs find a sound account. I1 and I2 after
/// every call.
TEST_P(EveryCall, KeepsTheInvariantsAndConverges) {
  for (std::size_t n = 1; n <= 16; ++n) {
    SCOPED_TRACE("fault at call " + std::to_string(n));
    Bench bench;
    const auto old_key = arrange_due_user(bench);
    std::string broken;
    bench.account.after_each_call = [&] {
      if (broken.empty()) broken = broken_i1(bench);
      if (broken.empty() && bench.account.keys.at(old_key).status != KeyStatus::active)
        broken = "I2: the key in use was cut";
    };
    bench.account.fault_at[n] = GetParam().fault;
    bench.apply("ann");
    ASSERT_EQ(broken, "") << testing::PrintToString(bench.account.log);
    bench.account.fault_at.clear();
    for (int run = 0; run < 3; ++run) {
      bench.clock.advance(20min);
      bench.apply("ann");
      ASSERT_EQ(broken, "") << testing::PrintToString(bench.account.log);
    }
    bench.clock.advance(days(1) + 1h);  // an orphan's grace
    bench.apply("ann");
    bench.apply("ann");
    ASSERT_EQ(broken, "") << testing::PrintToString(bench.account.log);
    ASSERT_TRUE(bench.published_key("ann")) << testing::PrintToString(bench.account.log);
    EXPECT_NE(*bench.published_key("ann"), old_key);
    EXPECT_FALSE(bench.has_intent("ann"));
    EXPECT_EQ(bench.account.keys_of("ann").size(), 2u);
  }
}

INSTANTIATE_TEST_SUITE_P(Faults, EveryCall,
                         testing::Values(Damage{"CrashBefore", {Fault::Kind::crash_before, {}}},
                                         Damage{"CrashAfter", {Fault::Kind::crash_after, {}}},
                                         Damage{"LostReply", {Fault::Kind::lost_reply, {}}},
                                         Damage{"Throttled", {Fault::Kind::refused, ErrorKind::throttled}},
                                         Damage{"NotSent", {Fault::Kind::refused, ErrorKind::not_sent}},
                                         Damage{"Denied", {Fault::Kind::refused, ErrorKind::access_denied}},
                                         Damage{"ServerFault", {Fault::Kind::refused, ErrorKind::server_fault}},
                                         Damage{"BadReply", {Fault::Kind::lost_reply, ErrorKind::bad_reply}}),
                         [](const auto& instance) { return instance.param.name; });

/// Two runs at once on one user, their calls crossing at random, either of them crashing at random: then the dust
/// settles.
TEST(TwoRuns, AtOnceKeepTheInvariantsAndConverge) {
  const char* wanted = std::getenv("REKEYER_SEEDS");  // more for a soak
  const std::uint64_t seeds = wanted != nullptr ? std::stoull(wanted) : 300;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    Bench bench;
    const auto old_key = arrange_due_user(bench);
    std::string broken;
    bench.account.after_each_call = [&] {
      if (broken.empty()) broken = broken_i1(bench);
      if (broken.empty() && bench.account.keys.at(old_key).status != KeyStatus::active)
        broken = "I2: the key in use was cut";
    };
    // Mostly quick calls, now and then one that hangs for minutes.
    bench.account.latency = [&] {
      return Milliseconds(random.chance(0.05) ? random.below(400'000) : random.below(3'000));
    };
    if (random.chance(0.5)) {
      const auto kind = random.chance(0.5) ? Fault::Kind::crash_before : Fault::Kind::crash_after;
      bench.account.fault_at[1 + random.below(25)] = {kind, {}};
    }
    bench.apply_at_once("ann", 2);
    ASSERT_EQ(broken, "") << testing::PrintToString(bench.account.log);
    bench.account.fault_at.clear();
    for (int round = 0; round < 4; ++round) {
      bench.clock.advance(20min);
      bench.apply_at_once("ann", 2);
      ASSERT_EQ(broken, "") << testing::PrintToString(bench.account.log);
    }
    bench.account.latency = nullptr;
    for (int round = 0; round < 4; ++round) {
      bench.clock.advance(days(1) + 1h);
      bench.apply("ann");
    }
    ASSERT_EQ(broken, "") << testing::PrintToString(bench.account.log);
    ASSERT_TRUE(bench.published_key("ann")) << testing::PrintToString(bench.account.log);
    EXPECT_NE(*bench.published_key("ann"), old_key) << testing::PrintToString(bench.account.log);
    EXPECT_FALSE(bench.has_intent("ann"));
    EXPECT_EQ(bench.account.keys_of("ann").size(), 2u);
  }
}

TEST(Life, OfAKeyIsRotationThenDeactivationThenDeletion) {
  Bench bench;
  bench.account.add_user("ann");
  const auto old_key = bench.account.add_key("ann", days(0), LastUse::used(bench.clock.now()));
  const auto day0 = bench.clock.now();
  const auto on_day = [&](int day) {
    bench.clock.advance(day0 + days(day) - bench.clock.now());
    // The owner installs the new key on day 95 and never uses the old one again.
    if (day < 95) bench.account.keys.at(old_key).last_use = LastUse::used(bench.clock.now() - 1h, "s3", "eu-west-1");
    return shape(bench.apply("ann").value());
  };
  EXPECT_EQ(on_day(0), "");
  EXPECT_EQ(on_day(82), "");
  EXPECT_EQ(on_day(83), "warn done rotation_near");
  EXPECT_EQ(on_day(89), "warn done rotation_near");
  EXPECT_EQ(on_day(90), "rotate done rotation_due");
  const auto new_key = *bench.published_key("ann");
  bench.account.keys.at(new_key).last_use = LastUse::used(day0 + days(95));
  EXPECT_EQ(on_day(97), "warn done deactivation_near");
  EXPECT_EQ(on_day(99), "warn done deactivation_near");
  EXPECT_EQ(bench.account.keys.at(old_key).status, KeyStatus::active);
  bench.clock.advance(1min);  // the rotation itself took a few seconds of day 90
  on_day(100);
  bench.clock.advance(1min);
  bench.apply("ann");
  EXPECT_EQ(bench.account.keys.at(old_key).status, KeyStatus::inactive);
  on_day(109);
  EXPECT_TRUE(bench.account.keys.contains(old_key));
  on_day(110);
  bench.clock.advance(5min);
  bench.apply("ann");
  EXPECT_FALSE(bench.account.keys.contains(old_key));
  EXPECT_EQ(bench.account.keys.at(new_key).status, KeyStatus::active);
}

TEST(Retire, KeyStillInUseIsHeldAndItsOwnerTold) {
  Bench bench;
  const auto old_key = arrange_due_user(bench);
  bench.apply("ann");
  bench.clock.advance(days(12));
  bench.account.keys.at(old_key).last_use = LastUse::used(bench.clock.now() - 2h, "sqs", "eu-central-1");
  const auto outcomes = bench.apply("ann").value();
  EXPECT_EQ(shape(outcomes), "hold held still_in_use");
  EXPECT_NE(outcomes[0].detail.find("sqs"), std::string::npos) << outcomes[0].detail;
  EXPECT_EQ(bench.account.keys.at(old_key).status, KeyStatus::active);
}

TEST(Retire, AKeyWhoseSuccessorOnlyWeUsedIsHeldUntilItsOwnerHasUsedThat) {
  Bench bench;
  const auto old_key = arrange_due_user(bench);
  bench.apply("ann");
  const auto new_key = *bench.published_key("ann");
  EXPECT_EQ(bench.account.keys.at(new_key).last_use.service, "sts") << "it was verified";
  bench.clock.advance(days(12));
  const auto outcomes = bench.apply("ann").value();
  EXPECT_EQ(shape(outcomes), "hold held successor_unused");
  EXPECT_NE(outcomes[0].detail.find("which its owner never used"), std::string::npos) << outcomes[0].detail;
  EXPECT_EQ(bench.account.keys.at(old_key).status, KeyStatus::active);
  bench.account.keys.at(new_key).last_use = LastUse::used(bench.clock.now() - 2h, "s3", "us-east-1");
  EXPECT_EQ(shape(bench.apply("ann").value()), "deactivate done installation_over");
}

TEST(Retire, ReplacementSwitchedOffMeanwhileStopsTheDeactivation) {
  Bench bench;
  const auto old_key = arrange_due_user(bench);
  bench.apply("ann");
  bench.settle("ann");
  const auto new_key = *bench.published_key("ann");
  bench.clock.advance(days(15));
  bench.account.keys.at(new_key).last_use = LastUse::used(bench.clock.now() - 2h, "s3", "us-east-1");
  // Between the look and the act: the owner switches the new key off.
  bench.account.after_each_call = [&] {
    if (bench.account.log.back() == "GetAccessKeyLastUsed") bench.account.keys.at(new_key).status = KeyStatus::inactive;
  };
  EXPECT_EQ(shape(bench.apply("ann").value()), "deactivate held in_progress");
  EXPECT_EQ(bench.account.keys.at(old_key).status, KeyStatus::active);
}

TEST(Retire, ASecondLookThatFailsChangesNothingAndLeavesNothingInDoubt) {
  for (const auto* operation : {"DescribeSecret", "ListAccessKeys"}) {
    for (const auto kind : {Fault::Kind::lost_reply, Fault::Kind::refused}) {
      SCOPED_TRACE(operation);
      Bench bench;
      const auto old_key = arrange_due_user(bench);
      bench.apply("ann");
      bench.settle("ann");
      bench.clock.advance(days(15));
      bench.account.keys.at(*bench.published_key("ann")).last_use = LastUse::used(bench.clock.now() - 2h, "s3");
      bench.account.after_each_call = [&] {  // the secret is what is looked at last before it is decided
        if (bench.account.log.back() == "DescribeSecret") {
          bench.account.fault_of[operation] = {kind, ErrorKind::access_denied};
        }
      };
      EXPECT_EQ(shape(bench.apply("ann").value()), "deactivate failed unreadable");
      EXPECT_EQ(bench.account.keys.at(old_key).status, KeyStatus::active);
    }
  }
}

TEST(Force, DeactivatesTheOldKeyAtOnceOnlyAfterTheNewOneIsStoredAndVerified) {
  Bench bench;
  const auto old_key = arrange_due_user(bench);
  bench.options.force = {true, true};
  EXPECT_EQ(shape(bench.apply("ann").value()), "rotate done forced, deactivate done forced");
  EXPECT_EQ(bench.account.keys.at(old_key).status, KeyStatus::inactive);

  Bench unverified;
  const auto kept = arrange_due_user(unverified);
  unverified.account.spreading = 10min;
  unverified.options.force = {true, true};
  unverified.apply("ann");
  EXPECT_EQ(unverified.account.keys.at(kept).status, KeyStatus::active);
}

}  // namespace
}  // namespace rekeyer::rotation
