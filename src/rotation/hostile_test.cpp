// A member of the account who may do anything with secrets and nothing with IAM: what he makes, tags and writes at a
// user's name lets him read no key and switches none off.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "fakes/rotation_bench.hpp"
#include "policy/intent.hpp"
#include "policy/tag_words.hpp"
#include "rotation/lock.hpp"
#include "rotation/naming.hpp"
#include "rotation/secrets_of_account.hpp"

namespace rekeyer::rotation {
namespace {

using fakes::Bench;
using fakes::Fault;
using namespace std::chrono_literals;

const std::string his_statement =
    R"({"Version":"2012-10-17","Statement":[{"Sid":"mine","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:user/dev"},)"
    R"("Action":"secretsmanager:GetSecretValue","Resource":"*"}]})";

AccessKeyId arrange_victim(Bench& bench) {
  bench.account.add_user("ann");
  return bench.account.add_key("ann", 95h * 24, LastUse::used(bench.clock.now() - 5h, "s3", "eu-west-1"));
}

SecretName secret_of_ann(const Bench& bench) {
  return secret_name(bench.settings.store.name_template, bench.account_id, UserName("ann"));
}

/// Stands at ann's name before rekeyer does.
fakes::StoredSecret& squat(Bench& bench, aws::Tags tags = {}) {
  aws::CreateSecret request;
  request.name = secret_of_ann(bench);
  request.tags = std::move(tags);
  const auto at = aws::SignBefore::at(bench.clock.now() + 5min);
  EXPECT_TRUE(bench.run(bench.account.create_secret(std::move(request), at)).value());
  return bench.account.stored.at(secret_of_ann(bench));
}

std::ptrdiff_t issued(const Bench& bench) { return std::ranges::count(bench.account.log, "CreateAccessKey"); }

TEST(Squatter, GetsNoKeyStoredInASecretOfHis) {
  const std::vector<std::pair<std::string, std::function<void(Bench&, fakes::StoredSecret&)>>> tricks{
      {"a policy that lets him read", [](Bench&, auto& secret) { secret.policy = his_statement; }},
      {"a tag that his identity policy lets him read by",
       [](Bench&, auto& secret) { secret.description.tags["team"] = "dev"; }},
      {"a KMS key of his",
       [](Bench&, auto& secret) { secret.description.kms_key_id = "arn:aws:kms:us-east-1:9:key/k"; }},
      {"a copy in another Region",
       [](Bench&, auto& secret) { secret.description.replicas.push_back({Region("eu-west-1"), "InSync", {}}); }},
      {"a copy in an account of his",
       [](Bench&, auto& secret) { secret.description.cross_account = {"CrossAccountReplicaEntry"}; }},
      {"a rotation by his function", [](Bench&, auto& secret) { secret.description.rotated_by_lambda = true; }},
      {"a denial that keeps ann from reading",
       [](Bench&, auto& secret) {
         secret.policy =
             R"({"Statement":{"Effect":"Deny","Principal":"*","Action":"secretsmanager:GetSecretValue","Resource":"*"}})";
       }},
      {"a value", [](Bench&, auto& secret) { secret.description.versions[VersionId("v")] = {"AWSCURRENT"}; }},
      {"our lock and proof, and a value under our token for her key",
       [](Bench& bench, auto& secret) {
         const auto key = bench.account.keys.begin()->first;
         secret.description.versions[version_token(bench.account_id, UserName("ann"), key)] = {"AWSCURRENT"};
         secret.description.tags[std::string(policy::custody_tag)] = "1 " + key.str() + ":orphan:20260101T000000Z";
       }},
      {"an intent that nobody can read",
       [](Bench&, auto& secret) { secret.description.tags[std::string(policy::intent_tag)] = "1 anything"; }},
      {"an intent that lasts for years",
       [](Bench&, auto& secret) {
         secret.description.tags[std::string(policy::intent_tag)] =
             "1 run=x start=20991121T220000Z lease=20991121T221500Z had=";
       }},
      {"no policy document", [](Bench&, auto& secret) { secret.policy = "}"; }},
  };
  for (const auto& [trick, play] : tricks) {
    SCOPED_TRACE(trick);
    Bench bench;
    const auto key = arrange_victim(bench);
    play(bench, squat(bench));
    for (int day = 0; day < 3; ++day) {
      EXPECT_EQ(fakes::shape(bench.apply("ann").value()), "hold failed not_ours") << "said each day";
      bench.clock.advance(24h);
      bench.account.keys.at(key).last_use = LastUse::used(bench.clock.now() - 5h, "s3", "eu-west-1");
    }
    EXPECT_EQ(issued(bench), 0);
    EXPECT_EQ(bench.account.keys.at(key).status, KeyStatus::active);
  }
}

TEST(Squatter, WhoLeavesNothingOnItIsLockedOutAndTheSecretTakenOver) {
  Bench bench;
  arrange_victim(bench);
  squat(bench);
  EXPECT_EQ(fakes::shape(bench.apply("ann").value()), "rotate held lock_spreading");
  EXPECT_EQ(issued(bench), 0);
  bench.clock.advance(2min);
  EXPECT_EQ(fakes::shape(bench.apply("ann").value()), "rotate held lock_spreading")
      << "it does not hold everywhere yet";
  bench.clock.advance(4min);
  EXPECT_EQ(fakes::shape(bench.apply("ann").value()), "rotate done rotation_due");
}

TEST(Squatter, IsNotWhoeverHasLeftAnIntentOnASecretThatWasNeverProved) {
  Bench bench;
  const auto key = arrange_victim(bench);
  bench.account.fault_of["TagResource"] = {Fault::Kind::refused};
  EXPECT_EQ(fakes::shape(bench.visit(Mode::apply, {})->actions), "rotate failed store_not_ready");
  bench.account.fault_of.clear();
  ASSERT_TRUE(bench.has_intent("ann"));
  bench.account.keys.at(key).created =
      bench.clock.now() - 24h;  // nothing is due any more: she has a new key of her own
  bench.clock.advance(1h);
  EXPECT_EQ(fakes::shape(bench.visit(Mode::apply, {})->actions), "recover done intent_expired");
  EXPECT_FALSE(bench.has_intent("ann")) << "ended, so that no later run looks again";
}

// He lifts the lock before it is enforced, and puts it back before it is looked at: the date of the last change tells.
TEST(Squatter, WhoTouchesItWhileTheLockSpreadsMakesItSpreadAnew) {
  Bench bench;
  arrange_victim(bench);
  auto& secret = squat(bench);
  bench.apply("ann");
  bench.clock.advance(4min);
  secret.description.changed = bench.clock.now();
  bench.clock.advance(2min);
  EXPECT_EQ(fakes::shape(bench.apply("ann").value()), "rotate held lock_spreading");
  secret.policy = his_statement;
  bench.clock.advance(6min);
  EXPECT_EQ(fakes::shape(bench.apply("ann").value()), "hold failed not_ours");
}

TEST(Squatter, WhatHeClaimsIsNotBelievedWhenTheSecretIsTakenOver) {
  Bench bench;
  bench.account.add_user("ann");
  const auto weekly = bench.account.add_key("ann", 40h * 24, LastUse::used(bench.clock.now() - 5h * 24, "s3"));
  const auto spare = bench.account.add_key("ann", 20h * 24, LastUse::never());
  squat(bench, {{std::string(policy::custody_tag), "1 " + weekly.str() + ":retiring:20260101T000000Z"},
                {std::string(policy::intent_tag), "1 run=x start=20261121T220000Z lease=20261121T221500Z had="},
                {std::string(proof_tag), "1 none 20260101T000000Z"},
                {std::string(id_tag), bench.account.users.at(UserName("ann")).user.id.str()}});
  for (int day = 0; day < 30; ++day) {
    bench.apply("ann");
    bench.clock.advance(24h);
    bench.account.keys.at(weekly).last_use = LastUse::used(bench.clock.now() - 24h, "s3");
    ASSERT_EQ(bench.account.keys.at(weekly).status, KeyStatus::active) << "day " << day;
    ASSERT_EQ(bench.account.keys.at(spare).status, KeyStatus::active) << "day " << day;
  }
}

// With everything that the configuration tells: our lock, proof, id and record. The secret's own date is AWS's.
TEST(Squatter, WhoForgesAllOfItWinsNoDayByARecordOfMonthsAgo) {
  Bench bench;
  bench.account.add_user("ann");
  const auto inactive = bench.account.add_key("ann", 100h * 24, LastUse::never(), KeyStatus::inactive);
  const auto id = bench.account.users.at(UserName("ann")).user.id;
  auto& secret = squat(bench, {{std::string(policy::custody_tag),
                                "1 " + inactive.str() + ":watched:20260101T000000Z:off=20260101T000000Z:by=rekeyer"},
                               {std::string(proof_tag), "1 none 20260101T000000Z"},
                               {std::string(id_tag), id.str()}});
  policy::Subject ann;
  ann.account = bench.account_id;
  ann.user = UserName("ann");
  ann.id = id;
  secret.policy = review_policy(std::nullopt, wanted_policy(fakes::MemoryAccess(bench.account), bench.settings, ann))
                      .value()
                      .wanted;
  for (int day = 0; day < 10; ++day) {
    bench.apply("ann");
    ASSERT_TRUE(bench.account.keys.contains(inactive)) << "deleted on day " << day;
    bench.clock.advance(24h);
  }
  bench.apply("ann");
  EXPECT_FALSE(bench.account.keys.contains(inactive)) << "believed, as nothing shows who wrote it, from its date on";
}

// A record that says that all is well must not keep a run from looking.
TEST(Squatter, HidesNobodyFromTheSurvey) {
  for (const auto discovery : {Discovery::report, Discovery::direct}) {
    Bench bench;
    bench.settings.discovery = discovery;
    const auto key = arrange_victim(bench);
    auto& secret = squat(bench, {{std::string(policy::custody_tag), "1 " + key.str() + ":retiring:20261121T000000Z"}});
    secret.description.versions[VersionId("v")] = {"AWSCURRENT"};
    EXPECT_EQ(fakes::shape(bench.visit(Mode::apply, {})->actions), "hold failed not_ours");
  }
}

TEST(Squatter, HasNobodyToldTheSameEachDay) {
  Bench bench;
  bench.settings.notices = {true, {7}};
  bench.settings.policy.organisation.set("warn_period", "0d", "test").value();
  bench.account.add_user("ann");
  bench.account.add_key("ann", 85h * 24, LastUse::used(bench.clock.now() - 5h, "s3"));
  squat(bench);
  bench.apply("ann");
  EXPECT_FALSE(bench.notices) << "what he was told can't be written down yet";
  bench.clock.advance(10min);
  bench.apply("ann");
  EXPECT_TRUE(bench.notices) << "it was locked, and is taken over";
}

// The older one of two secrets with her id is taken for hers; the other one still holds the only copy of her key.
TEST(Squatter, WhoWritesHerIdOnHisSecretHasHersNotRemoved) {
  for (const auto discovery : {Discovery::report, Discovery::direct}) {
    Bench bench;
    bench.settings.discovery = discovery;
    arrange_victim(bench);
    squat(bench, {{std::string(id_tag), "AIDAOTHER"}});
    bench.clock.advance(1h);
    ASSERT_EQ(fakes::shape(bench.apply("ann").value()), "rotate done rotation_due");
    ASSERT_EQ(bench.account.stored.size(), 2U) << "hers has her id in its name";
    auto& his = bench.account.stored.at(secret_of_ann(bench));
    his.description.tags[std::string(id_tag)] = bench.account.users.at(UserName("ann")).user.id.str();
    bench.account.fault_of["GetAccessKeyLastUsed"] = {Fault::Kind::refused, ErrorKind::access_denied,
                                                      "iam:GetAccessKeyLastUsed"};
    bench.clock.advance(24h);
    bench.visit(Mode::apply, {});
    for (const auto& [name, secret] : bench.account.stored) EXPECT_FALSE(secret.description.deleted) << name.str();
  }
}

// The right to tag must not be the right to delete.
TEST(Squatter, WhoWritesTheIdOfNobodyHasNoSecretRemoved) {
  Bench bench;
  bench.account.add_user("ann");
  auto& secret =
      squat(bench, {{std::string(id_tag), "AIDANOBODY"}, {std::string(proof_tag), "1 none 20260101T000000Z"}});
  EXPECT_EQ(fakes::shape(bench.visit(Mode::apply, {})->actions), "delete held not_ours");
  EXPECT_FALSE(secret.description.deleted);
}

TEST(Squatter, WhoPutsTheFirstValueHimselfIsSeen) {
  Bench bench;
  const auto old_key = arrange_victim(bench);
  bool done = false;
  bench.account.before_each_call = [&] {
    if (done || bench.account.log.back() != "PutResourcePolicy") return;
    done = true;
    bench.account.stored.begin()->second.description.versions[VersionId("his")] = {"AWSCURRENT"};
  };
  EXPECT_EQ(fakes::shape(bench.apply("ann").value()), "rotate failed not_ours");
  ASSERT_TRUE(done);
  EXPECT_EQ(bench.account.keys_of("ann"), std::vector{old_key}) << "no key is made for a secret with a value of his";
}

// Between CreateSecret and the lock, and between the lock and the value.
TEST(Squatter, WhoIsThereWithinTheFirstMomentsIsSeen) {
  for (const auto* operation : {"PutResourcePolicy", "DescribeSecret", "CreateAccessKey", "PutSecretValue"}) {
    SCOPED_TRACE(operation);
    Bench bench;
    const auto old_key = arrange_victim(bench);
    bool done = false;
    bench.account.before_each_call = [&] {
      auto& stored = bench.account.stored;
      if (done || stored.empty() || bench.account.log.back() != operation) return;
      done = true;
      auto& secret = stored.begin()->second;
      if (std::string(operation) == "PutResourcePolicy") {
        secret.description.tags["team"] = "dev";
      } else {
        secret.policy = his_statement;
      }
    };
    const auto said = fakes::shape(bench.apply("ann").value());
    ASSERT_TRUE(done);
    EXPECT_EQ(said, "rotate failed not_ours");
    EXPECT_EQ(bench.account.keys_of("ann"), std::vector{old_key}) << "no key, or withdrawn";
    EXPECT_FALSE(bench.published_key("ann"));
  }
}

/// Puts a value of his under the token of ann's new key.
void store_his_value(Bench& bench, const AccessKeyId& old_key) {
  auto& secret = bench.account.stored.begin()->second;
  for (const auto& [id, key] : bench.account.keys) {
    if (id == old_key) continue;
    const auto token = version_token(bench.account_id, UserName("ann"), id);
    secret.values[token] = "his";
    secret.description.versions[token] = {"AWSPENDING"};
  }
}

// The lock is not enforced yet, and the token follows from the new key's id, which everybody may list.
TEST(Squatter, WhoStoresAValueUnderTheNewKeysTokenHasNothingOfHisPublished) {
  for (const bool lost : {false, true}) {
    SCOPED_TRACE(lost ? "the reply to the first try is lost" : "AWS says so at once");
    Bench bench;
    const auto old_key = arrange_victim(bench);
    bool done = false;
    bench.account.before_each_call = [&] {
      if (done || bench.account.keys.size() < 2) return;
      done = true;
      store_his_value(bench, old_key);
      if (lost) bench.account.lose_next_reply("PutSecretValue");
    };
    const auto outcomes = bench.apply("ann").value();
    ASSERT_TRUE(done);
    EXPECT_EQ(fakes::shape(outcomes), "rotate failed not_ours");
    EXPECT_THAT(outcomes[0].detail, testing::HasSubstr("withdrawn"));
    EXPECT_EQ(bench.account.keys_of("ann"), std::vector{old_key});
    EXPECT_FALSE(bench.published_key("ann"));
  }
}

// The same, where the run ends before it has stored its own.
TEST(Squatter, WhoStoresAValueUnderTheTokenOfADeadRunsKeyHasNothingOfHisPublished) {
  Bench bench;
  const auto old_key = arrange_victim(bench);
  bench.account.fault_of["CreateAccessKey"] = {Fault::Kind::lost_reply, {}};
  EXPECT_EQ(fakes::shape(bench.apply("ann").value()), "rotate failed outcome_unknown");
  bench.account.fault_of.clear();
  store_his_value(bench, old_key);
  for (int day = 0; day < 4; ++day) {
    bench.clock.advance(24h);
    bench.account.keys.at(old_key).last_use = LastUse::used(bench.clock.now() - 5h, "s3", "eu-west-1");
    bench.apply("ann");
    const auto published = bench.published_key("ann");
    if (!published) continue;
    const auto& value =
        bench.account.stored.begin()->second.values.at(version_token(bench.account_id, UserName("ann"), *published));
    EXPECT_NE(value, "his");
  }
  EXPECT_TRUE(bench.published_key("ann")) << "rotated in the end";
  EXPECT_EQ(bench.account.keys.at(old_key).status, KeyStatus::active);
}

// The reply to CreateSecret is lost: what is found there then need not be as it was made.
TEST(Squatter, WhoIsThereBeforeALostCreationIsRepeatedIsSeen) {
  const std::vector<std::pair<std::string, std::function<void(aws::SecretDescription&)>>> tricks{
      {"a value", [](auto& secret) { secret.versions[VersionId("his")] = {"AWSCURRENT"}; }},
      {"a record",
       [](auto& secret) { secret.tags[std::string(policy::custody_tag)] = "1 AKIAHIS:current:20260101T000000Z"; }},
      {"another user's id", [](auto& secret) { secret.tags[std::string(id_tag)] = "AIDAHIS"; }},
  };
  for (const auto& [trick, play] : tricks) {
    SCOPED_TRACE(trick);
    Bench bench;
    const auto old_key = arrange_victim(bench);
    bench.account.fault_of["CreateSecret"] = {Fault::Kind::repeated};
    bench.account.after_each_call = [&] {
      if (bench.account.log.back() == "CreateSecret") play(bench.account.stored.begin()->second.description);
    };
    EXPECT_EQ(fakes::shape(bench.apply("ann").value()), "rotate held in_progress");
    EXPECT_EQ(bench.account.keys_of("ann"), std::vector{old_key}) << "no key is made";
    EXPECT_FALSE(bench.account.stored.begin()->second.description.tags.contains(std::string(proof_tag)));
  }
  Bench undisturbed;
  arrange_victim(undisturbed);
  undisturbed.account.fault_of["CreateSecret"] = {Fault::Kind::repeated};
  EXPECT_EQ(fakes::shape(undisturbed.apply("ann").value()), "rotate done rotation_due");
}

// The look is over, and the lock is not enforced yet.
TEST(Squatter, WhoWritesRecordsRightBeforeTheProofHasThemWrittenOver) {
  Bench bench;
  const auto old_key = arrange_victim(bench);
  bool done = false;
  bench.account.before_each_call = [&] {
    if (done || bench.account.log.back() != "TagResource") return;
    done = true;
    auto& tags = bench.account.stored.begin()->second.description.tags;
    tags[std::string(policy::custody_tag)] = "1 " + old_key.str() + ":retiring:20261101T000000Z";
    tags[std::string(policy::intent_tag)] = "1 anything";
  };
  EXPECT_EQ(fakes::shape(bench.apply("ann").value()), "rotate done rotation_due");
  ASSERT_TRUE(done);
  const auto custody = policy::read_custody(bench.secret_of("ann")->tags).value().value();
  EXPECT_GE(custody.find(old_key)->since, bench.clock.now() - 1min);
  EXPECT_FALSE(bench.has_intent("ann"));
}

// He has nothing to read there: he lifts the lock before it is enforced, forges for days what makes ann's new key one
// that was replaced long ago, of which she was told, and puts our very lock back.
TEST(FreshLock, WhoLiftsItBeforeItHoldsAndForgesForDaysIsNotBelieved) {
  for (const auto discovery : {Discovery::report, Discovery::direct}) {
    Bench bench;
    bench.settings.discovery = discovery;
    bench.settings.notices = {true, {7}};
    const auto old_key = arrange_victim(bench);
    ASSERT_EQ(fakes::shape(bench.visit(Mode::apply, {})->actions), "rotate done rotation_due");
    const auto new_key = *bench.published_key("ann");
    auto& secret = bench.account.stored.begin()->second;
    const auto ours = std::exchange(secret.policy, std::nullopt);
    auto& tags = secret.description.tags;
    tags[std::string(policy::custody_tag)] =
        "1 " + old_key.str() + ":current:20260801T000000Z " + new_key.str() + ":retiring:20261122T000000Z";
    tags[std::string(policy::notice_tag)] = "1 " + new_key.str() + ":deactivation_soon:1:20261123:20261122T000000Z";
    bench.clock.advance(24h * 12);
    for (const auto& key : {old_key, new_key}) {
      bench.account.keys.at(key).last_use = LastUse::used(bench.clock.now() - 24h * 2, "s3", "eu-west-1");
    }
    EXPECT_EQ(fakes::shape(bench.visit(Mode::apply, {})->actions), "hold failed not_ours") << "seen without its lock";
    secret.policy = ours;
    secret.description.changed = bench.clock.now();
    for (int day = 0; day < 3; ++day) {
      EXPECT_EQ(fakes::shape(bench.visit(Mode::apply, {})->actions), "hold failed not_ours") << "said each day";
      bench.clock.advance(24h);
    }
    EXPECT_EQ(bench.account.keys.at(new_key).status, KeyStatus::active);
    EXPECT_EQ(bench.account.keys.at(old_key).status, KeyStatus::active);
  }
}

// What he forges on the very day is believed, and harms nobody: what is published is no orphan.
TEST(FreshLock, WhoCallsAnOlderKeyAnOrphanWinsNoDayByIt) {
  Bench bench;
  const auto old_key = arrange_victim(bench);
  ASSERT_EQ(fakes::shape(bench.visit(Mode::apply, {})->actions), "rotate done rotation_due");
  bench.account.keys.at(old_key).status = KeyStatus::inactive;
  bench.account.keys.at(old_key).last_use = LastUse::never();
  auto& tags = bench.account.stored.begin()->second.description.tags;
  const auto off = policy::tag_instant(bench.clock.now()).value();
  tags[std::string(policy::custody_tag)] = "1 " + old_key.str() + ":orphan:" + off + ":off=" + off + ":by=rekeyer";
  for (int day = 0; day < 9; ++day) {
    bench.clock.advance(24h);
    bench.visit(Mode::apply, {});
    EXPECT_TRUE(bench.account.keys.contains(old_key)) << "day " << day;
  }
}

TEST(FreshLock, WhoPutsItBackOnTheSameDayHasNoKeySwitchedOff) {
  Bench bench;
  const auto old_key = arrange_victim(bench);
  ASSERT_EQ(fakes::shape(bench.apply("ann").value()), "rotate done rotation_due");
  const auto new_key = *bench.published_key("ann");
  auto& secret = bench.account.stored.begin()->second;
  secret.description.tags[std::string(policy::custody_tag)] = "1 " + new_key.str() + ":orphan:20261122T000000Z";
  secret.description.changed = bench.clock.now() + 1min;
  for (int day = 0; day < 5; ++day) {
    bench.clock.advance(24h);
    for (const auto& key : {old_key, new_key}) {
      bench.account.keys.at(key).last_use = LastUse::used(bench.clock.now() - 2h, "s3", "eu-west-1");
    }
    bench.apply("ann");
  }
  EXPECT_EQ(bench.account.keys.at(new_key).status, KeyStatus::active);
  EXPECT_EQ(bench.account.keys.at(old_key).status, KeyStatus::active);
}

TEST(FreshLock, IsSettledOnceAndThenBelievedFromTheListAlone) {
  Bench bench;
  arrange_victim(bench);
  ASSERT_EQ(fakes::shape(bench.visit(Mode::apply, {})->actions), "rotate done rotation_due");
  auto& secret = bench.account.stored.begin()->second.description;
  ASSERT_EQ(bench.account.proofs().find(secret, id_on(secret)), Proof::fresh);
  const auto record = secret.tags.at(std::string(policy::custody_tag));
  bench.clock.advance(3min);
  bench.visit(Mode::apply, {});
  EXPECT_EQ(bench.account.proofs().find(secret, id_on(secret)), Proof::fresh)
      << "the lock does not hold everywhere yet";
  bench.clock.advance(3min);
  bench.visit(Mode::apply, {});
  EXPECT_EQ(bench.account.proofs().find(secret, id_on(secret)), Proof::settled);
  EXPECT_EQ(secret.tags.at(std::string(policy::custody_tag)), record) << "its record stands";
  bench.clock.advance(24h);
  bench.account.log.clear();
  bench.visit(Mode::apply, {});
  EXPECT_EQ(std::ranges::count(bench.account.log, "TagResource"), 0);
  EXPECT_EQ(std::ranges::count(bench.account.log, "GetResourcePolicy"), 0) << "not looked at any more";
}

// An emergency does not wait for a lock that this very run has put.
TEST(FreshLock, DoesNotKeepAnEmergencyFromSwitchingOffTheOldKey) {
  Bench bench;
  const auto old_key = arrange_victim(bench);
  bench.options.force = {true, true};
  EXPECT_EQ(fakes::shape(bench.apply("ann").value()), "rotate done forced, deactivate done forced");
  EXPECT_EQ(bench.account.keys.at(old_key).status, KeyStatus::inactive);
}

TEST(Lock, IsOnTheSecretBeforeItHoldsAValue) {
  Bench bench;
  arrange_victim(bench);
  bool locked_first = false;
  bench.account.before_each_call = [&] {
    if (bench.account.log.back() != "PutSecretValue") return;
    const auto& policy = bench.account.stored.begin()->second.policy;
    locked_first = policy && policy->find("RekeyerLock") != std::string::npos;
  };
  bench.apply("ann");
  EXPECT_TRUE(locked_first);
}

TEST(Lock, IsOnASecretThatHoldsARecordOnly) {
  Bench bench;
  bench.account.add_user("ann");
  bench.account.add_key("ann", 10h * 24, LastUse::used(bench.clock.now() - 5h, "s3"));
  bench.account.add_key("ann", 100h * 24, LastUse::never(), KeyStatus::inactive);
  bench.apply("ann");
  ASSERT_EQ(bench.account.stored.size(), 1U) << "the inactive key's clock is on record";
  const auto& policy = bench.account.stored.begin()->second.policy;
  ASSERT_TRUE(policy);
  EXPECT_NE(policy->find("RekeyerLock"), std::string::npos);
}

TEST(Lock, ThatSomebodyTookOffIsNotBelievedAnyMore) {
  Bench bench;
  const auto old_key = arrange_victim(bench);
  ASSERT_EQ(fakes::shape(bench.apply("ann").value()), "rotate done rotation_due");
  bench.account.stored.begin()->second.policy.reset();
  bench.clock.advance(24h * 11);
  EXPECT_EQ(fakes::shape(bench.apply("ann").value()), "hold failed not_ours");
  EXPECT_EQ(bench.account.keys.at(old_key).status, KeyStatus::active);
}

TEST(Lock, IsNotWrittenWhereItWouldShutOutWhoWritesIt) {
  Bench bench;
  bench.account.writes_secrets_as = {Arn("arn:aws:iam::111111111111:role/somebody"), true};
  arrange_victim(bench);
  EXPECT_EQ(fakes::shape(bench.apply("ann").value()), "rotate done rotation_due");
  EXPECT_EQ(bench.account.stored.begin()->second.policy->find("RekeyerLock"), std::string::npos);

  Bench asked_for;
  asked_for.settings.store.lock_chosen = true;
  asked_for.account.writes_secrets_as = {Arn("arn:aws:iam::111111111111:role/somebody"), true};
  arrange_victim(asked_for);
  EXPECT_EQ(fakes::shape(asked_for.apply("ann").value()), "rotate failed not_lockable");
  EXPECT_EQ(issued(asked_for), 0);
}

TEST(Lock, IsRenewedWhenTheConfigurationNamesOthers) {
  Bench bench;
  const auto old_key = arrange_victim(bench);
  ASSERT_EQ(fakes::shape(bench.apply("ann").value()), "rotate done rotation_due");
  bench.settings.store.writers = {"arn:aws:iam::{account}:role/night-shift"};
  bench.account.keys.erase(old_key);
  bench.clock.advance(24h * 95);
  bench.account.keys.begin()->second.last_use = LastUse::used(bench.clock.now() - 5h, "s3");
  EXPECT_EQ(fakes::shape(bench.apply("ann").value()), "rotate done rotation_due");
  EXPECT_NE(bench.account.stored.begin()->second.policy->find("111111111111:role/night-shift"), std::string::npos);
}

// "Not found" is said of users who are gone, too: they need no word.
TEST(Squatter, DeletesHisSecretBetweenTwoLooksAndItIsSaid) {
  Bench bench;
  arrange_victim(bench);
  bench.account.before_each_call = [&] {
    if (bench.account.log.back() == "GetResourcePolicy") bench.account.stored.clear();
  };
  for (const auto mode : {Mode::plan, Mode::apply}) {
    squat(bench).policy = his_statement;
    const auto outcomes = bench.visit(mode, {})->actions;
    EXPECT_EQ(fakes::shape(outcomes), "hold failed unreadable");
    EXPECT_NE(outcomes.front().detail.find("was there a moment ago"), std::string::npos) << outcomes.front().detail;
  }
  EXPECT_EQ(issued(bench), 0);
}

TEST(MarkedForDeletion, ASecretOfALivingUserIsRestoredBeforeAnythingIsDoneByIt) {
  Bench bench;
  arrange_victim(bench);
  ASSERT_EQ(fakes::shape(bench.apply("ann").value()), "rotate done rotation_due");
  bench.clock.advance(std::chrono::days{11});
  for (auto& [id, key] : bench.account.keys) key.last_use = LastUse::used(bench.clock.now() - 5h, "s3", "eu-west-1");
  bench.account.stored.at(secret_of_ann(bench)).description.deleted = bench.clock.now();
  bench.account.log.clear();
  const auto said = fakes::shape(bench.apply("ann").value());
  EXPECT_EQ(said.find("unreadable"), std::string::npos) << said;
  const auto& log = bench.account.log;
  const auto restored = std::ranges::find(log, "RestoreSecret");
  ASSERT_NE(restored, log.end()) << said;
  for (const auto* change : {"UpdateAccessKey", "TagResource", "PutResourcePolicy"}) {
    EXPECT_EQ(std::find(log.begin(), restored, change), restored) << change;
  }
  EXPECT_FALSE(bench.account.stored.at(secret_of_ann(bench)).description.deleted);
}

TEST(MarkedForDeletion, WhatIsOnASquattedSecretShowsWhenItIsRestored) {
  Bench bench;
  arrange_victim(bench);
  auto& secret = squat(bench);
  secret.policy = his_statement;
  secret.description.deleted = bench.clock.now();
  EXPECT_EQ(fakes::shape(bench.apply("ann").value()), "hold failed not_ours");
  EXPECT_EQ(issued(bench), 0);
  EXPECT_EQ(bench.account.stored.at(secret_of_ann(bench)).policy, his_statement);
}

// Whoever follows the advice to delete it must not find it there again the next day.
TEST(MarkedForDeletion, ASecretThatCanNotBeOursIsLeftToGo) {
  Bench bench;
  arrange_victim(bench);
  auto& secret = squat(bench);
  secret.description.versions[VersionId("v")] = {"AWSCURRENT"};
  secret.description.deleted = bench.clock.now();
  const auto outcomes = bench.apply("ann").value();
  EXPECT_EQ(fakes::shape(outcomes), "hold failed not_ours");
  EXPECT_NE(outcomes.front().detail.find("scheduled for deletion"), std::string::npos) << outcomes.front().detail;
  EXPECT_TRUE(bench.account.stored.at(secret_of_ann(bench)).description.deleted);
  bench.account.stored.clear();
  bench.clock.advance(24h);
  EXPECT_EQ(fakes::shape(bench.apply("ann").value()), "rotate done rotation_due");
}

}  // namespace
}  // namespace rekeyer::rotation
