// A user is who IAM's unique id says, whatever the name: through renames before, after and in the middle of a rotation,
// and where a name comes back as somebody else's.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "fakes/rotation_bench.hpp"
#include "rotation/memberships.hpp"
#include "rotation/secrets_of_account.hpp"

namespace rekeyer::rotation {
namespace {

using fakes::Bench;
using fakes::Fault;
using testing::HasSubstr;
using namespace std::chrono_literals;

constexpr std::chrono::hours days_long(int n) { return std::chrono::hours{24 * n}; }

AccessKeyId arrange_worker(Bench& bench, const std::string& name) {
  bench.account.add_user(name);
  return bench.account.add_key(name, days_long(95), LastUse::used(bench.clock.now() - 5h, "s3", "eu-west-1"));
}

/// One sweep of the account, in a sentence.
std::string swept(Bench& bench, Mode mode = Mode::apply) { return fakes::shape(bench.visit(mode, {})->actions); }

/// Does `what` once, right before the n-th call of `operation` is performed.
void before(Bench& bench, const std::string& operation, std::function<void()> what) {
  auto& log = bench.account.log;
  bench.account.before_each_call = [&log, operation, what = std::move(what), done = false]() mutable {
    if (done || log.back() != operation) return;
    done = true;
    what();
  };
}

TEST(Identity, ARenamedUserKeepsTheSecretTheRecordAndTheClocks) {
  Bench bench;
  const auto old_key = arrange_worker(bench, "ci-old");
  ASSERT_EQ(swept(bench), "rotate done rotation_due");
  const auto name = bench.account.stored.begin()->first;
  bench.account.rename_user("ci-old", "ci-new");
  bench.clock.advance(days_long(1));
  EXPECT_EQ(swept(bench), "");
  EXPECT_FALSE(bench.account.stored.at(name).description.deleted);
  ASSERT_EQ(bench.account.stored.size(), 1U) << "one user, one secret";

  bench.clock.advance(days_long(10));
  for (auto& [id, key] : bench.account.keys) {
    if (id != old_key) key.last_use = LastUse::used(bench.clock.now() - 1h, "s3", "eu-west-1");
  }
  EXPECT_EQ(swept(bench), "deactivate done installation_over");
  EXPECT_EQ(bench.account.keys.at(old_key).status, KeyStatus::inactive);

  bench.account.keys.erase(old_key);
  bench.clock.advance(days_long(90));
  for (auto& [id, key] : bench.account.keys) key.last_use = LastUse::used(bench.clock.now() - 1h, "s3", "eu-west-1");
  EXPECT_EQ(swept(bench), "rotate done rotation_due");
  EXPECT_EQ(bench.account.stored.size(), 1U) << "where applications read it";
}

TEST(Identity, ANamedUserIsFoundWithoutAListOfSecrets) {
  Bench bench;
  arrange_worker(bench, "ci-old");
  ASSERT_EQ(swept(bench), "rotate done rotation_due");
  bench.account.rename_user("ci-old", "ci-new");
  bench.clock.advance(days_long(8));
  AccountTarget target;
  target.users = {UserName("ci-new")};
  EXPECT_EQ(fakes::shape(bench.visit(Mode::plan, target)->actions), "warn planned deactivation_near");
}

TEST(Identity, AUserMadeAgainUnderTheNameNeverReachesTheOldSecret) {
  Bench bench;
  arrange_worker(bench, "ann");
  ASSERT_EQ(swept(bench), "rotate done rotation_due");
  const auto old_secret = bench.account.stored.begin()->first;
  const auto values = bench.account.stored.at(old_secret).values;
  bench.account.users.clear();
  bench.account.keys.clear();
  arrange_worker(bench, "ann");
  EXPECT_EQ(swept(bench), "delete done user_gone, rotate done rotation_due");
  EXPECT_TRUE(bench.account.stored.at(old_secret).description.deleted);
  EXPECT_EQ(bench.account.stored.at(old_secret).values, values) << "nothing of the new user's is in it";
  ASSERT_EQ(bench.account.stored.size(), 2U);
}

TEST(Identity, TheSecretOfAGoneUserStaysWhileAKeyOnItsRecordLives) {
  Bench bench;
  arrange_worker(bench, "ann");
  ASSERT_EQ(swept(bench), "rotate done rotation_due");
  auto& secret = bench.account.stored.begin()->second.description;
  secret.tags.erase(std::string(id_tag));  // as a version before ids left it
  bench.account.rename_user("ann", "ben");
  bench.clock.advance(days_long(1));
  const auto outcome = bench.visit(Mode::apply, {});
  const auto held = std::ranges::find(outcome->actions, OutcomeReason(RunReason::key_lives), &ActionOutcome::reason);
  ASSERT_NE(held, outcome->actions.end()) << fakes::shape(outcome->actions);
  EXPECT_NE(held->detail.find("user ben has it"), std::string::npos) << held->detail;
  EXPECT_FALSE(secret.deleted);
}

// A list of users has pages: who is renamed between two of them may stand on neither.
TEST(Identity, TheSecretOfAUserWhomTheListMissedStaysThoughNobodyMayAskAboutHisKeys) {
  Bench bench;
  arrange_worker(bench, "ann");
  ASSERT_EQ(swept(bench), "rotate done rotation_due");
  const auto& secret = bench.account.stored.begin()->second.description;
  bench.clock.advance(days_long(2));
  bench.account.fault_of["GetAccessKeyLastUsed"] = {Fault::Kind::refused, ErrorKind::access_denied};
  const auto ann = bench.account.users.at(UserName("ann"));
  bench.account.users.clear();
  bench.account.before_each_call = [&] {
    if (bench.account.log.back() != "GetUser") return;
    auto ben = ann;
    ben.user.name = UserName("ben");
    bench.account.users.emplace(UserName("ben"), std::move(ben));
  };
  EXPECT_EQ(swept(bench), "delete held user_exists");
  EXPECT_FALSE(secret.deleted);
  bench.account.before_each_call = {};
  bench.account.users.clear();
  bench.account.keys.clear();
  EXPECT_EQ(swept(bench), "delete done user_gone") << "gone by every list";
}

TEST(Identity, APlanKeepsTheSecretOfAGoneUserForTheSameReasons) {
  Bench bench;
  arrange_worker(bench, "ann");
  ASSERT_EQ(swept(bench), "rotate done rotation_due");
  auto& secret = bench.account.stored.begin()->second.description;
  bench.account.rename_user("ann", "ben");
  const auto planned = [&bench] { return fakes::shape(bench.visit(Mode::plan, {})->actions); };
  const auto proof = secret.tags;
  secret.tags.erase(std::string(id_tag));
  EXPECT_THAT(planned(), HasSubstr("delete held key_lives"));
  bench.account.users.clear();
  bench.account.keys.clear();
  EXPECT_EQ(planned(), "delete held not_ours");
  secret.tags = proof;
  EXPECT_EQ(planned(), "delete planned user_gone");
  EXPECT_FALSE(secret.deleted);
}

TEST(Identity, TheSecretOfAGoneUserStaysWhileItsIntentIsOpen) {
  Bench bench;
  arrange_worker(bench, "ann");
  bench.account.fault_of["CreateAccessKey"] = {Fault::Kind::crash_before, {}};
  bench.apply("ann");
  bench.account.fault_of.clear();
  bench.account.users.clear();
  bench.account.keys.clear();
  bench.clock.advance(days_long(2));
  EXPECT_EQ(swept(bench), "delete held intent_open");
}

// At each call of a rotation: the user is renamed, and the next sweep finds nothing lost and nothing doubled.
TEST(Identity, ARenameInTheMiddleOfARotationLosesNothing) {
  for (const auto* operation : {"TagResource", "CreateSecret", "GetUser", "CreateAccessKey", "PutSecretValue",
                                "GetCallerIdentity", "UpdateSecretVersionStage"}) {
    SCOPED_TRACE(operation);
    Bench bench;
    const auto old_key = arrange_worker(bench, "u1");
    before(bench, operation, [&] { bench.account.rename_user("u1", "u1-new"); });
    bench.visit(Mode::apply, {});
    bench.account.before_each_call = {};
    for (int day = 1; day <= 3; ++day) {
      bench.clock.advance(days_long(1));
      bench.visit(Mode::apply, {});
    }
    for (const auto& [id, key] : bench.account.keys) {
      if (!key.issued_by_rekeyer || key.status != KeyStatus::active) continue;
      EXPECT_TRUE(bench.account.is_stored(id)) << id.str() << " works and is stored nowhere";
    }
    for (const auto& [name, secret] : bench.account.stored) {
      if (!secret.values.empty()) EXPECT_FALSE(secret.description.deleted) << name.str();
    }
    EXPECT_EQ(bench.account.keys.at(old_key).status, KeyStatus::active);
    std::size_t published = 0;
    for (const auto& [name, secret] : bench.account.stored) {
      for (const auto& [version, stages] : secret.description.versions) published += stages.contains("AWSCURRENT");
    }
    EXPECT_EQ(published, 1U) << "rotated once, by whichever run";
  }
}

// The name is another user's when the key is made: nothing of it is stored in the first one's secret.
TEST(Identity, ANameThatChangesHandsBeforeTheKeyIsMadeGetsNoSecretAcross) {
  for (const auto* operation : {"GetUser", "CreateAccessKey"}) {
    SCOPED_TRACE(operation);
    Bench bench;
    arrange_worker(bench, "ann");
    before(bench, operation, [&] {
      bench.account.rename_user("ann", "ann-old");
      bench.account.add_user("ann");
    });
    const auto outcomes = bench.visit(Mode::apply, {});
    ASSERT_EQ(outcomes->actions.size(), 1U);
    EXPECT_EQ(name(outcomes->actions[0].reason), "identity_changed") << fakes::shape(outcomes->actions);
    for (const auto& [name, secret] : bench.account.stored) EXPECT_TRUE(secret.values.empty()) << name.str();
    EXPECT_TRUE(bench.account.keys_of("ann").empty());
  }
}

// The list of keys is somebody else's: what is recorded by it would cost the first user's key its place in the record.
TEST(Identity, ANameThatChangesHandsBeforeItsKeysAreListedLeavesTheRecordAsItIs) {
  Bench bench;
  const auto old_key = arrange_worker(bench, "ann");
  ASSERT_EQ(swept(bench), "rotate done rotation_due");
  bench.clock.advance(days_long(8));
  before(bench, "ListAccessKeys", [&] {
    bench.account.rename_user("ann", "ann-old");
    bench.account.add_user("ann");
    bench.account.add_key("ann", days_long(1), LastUse::never());
  });
  const auto& tags = bench.account.stored.begin()->second.description.tags;
  const auto record = tags.at(std::string(policy::custody_tag));
  bench.visit(Mode::apply, {});
  EXPECT_EQ(tags.at(std::string(policy::custody_tag)), record);
  bench.account.before_each_call = {};
  bench.clock.advance(days_long(3));
  EXPECT_EQ(swept(bench), "hold held successor_unused") << "the old key is the one that was replaced";
  EXPECT_EQ(bench.account.keys.at(old_key).status, KeyStatus::active);
}

TEST(Identity, ANameThatChangesHandsBeforeItsKeysAreListedTellsNobodyOfAnothersKeys) {
  Bench bench;
  bench.settings.notices = {true, {7}};
  arrange_worker(bench, "ann");
  ASSERT_EQ(swept(bench), "rotate done rotation_due");
  bench.settle("ann");
  bench.clock.advance(days_long(8));
  before(bench, "ListAccessKeys", [&] {
    bench.account.rename_user("ann", "ann-old");
    bench.account.add_user("ann");
    bench.account.add_key("ann", days_long(88), LastUse::used(bench.clock.now(), "s3"));
  });
  bench.apply("ann");
  EXPECT_FALSE(bench.notices);
}

// Between the list of users and that of the group's members somebody may write the name anew.
TEST(Identity, AMemberOfTheExemptionGroupIsOneWhateverTheCaseOfTheName) {
  Bench bench;
  bench.account.add_user("ANN", {}, {bench.settings.policy.exempt_group});
  fakes::MemoryAccess access(bench.account);
  const auto members = bench.run(read_memberships(access, bench.settings, false)).value();
  bench.account.rename_user("ANN", "Ann");
  const auto now = bench.run(refresh_membership(access, bench.settings, members, bench.user("Ann"))).value();
  EXPECT_EQ(now.subject.groups, std::vector{GroupName(bench.settings.policy.exempt_group)});
}

TEST(Identity, NothingIsRetiredWhereNobodyCanTellWhoHasTheName) {
  Bench bench;
  const auto old_key = arrange_worker(bench, "ann");
  ASSERT_EQ(swept(bench), "rotate done rotation_due");
  bench.clock.advance(days_long(11));
  for (auto& [id, key] : bench.account.keys) {
    if (id != old_key) key.last_use = LastUse::used(bench.clock.now() - 1h, "s3", "eu-west-1");
  }
  bench.account.fault_of["GetUser"] = {Fault::Kind::refused, ErrorKind::access_denied};
  EXPECT_EQ(swept(bench), "deactivate failed unreadable");
  EXPECT_EQ(bench.account.keys.at(old_key).status, KeyStatus::active);
}

TEST(Identity, WhoCanNotBeReadGetsNoKey) {
  Bench bench;
  arrange_worker(bench, "ann");
  bench.account.fault_of["GetUser"] = {Fault::Kind::refused, ErrorKind::access_denied};
  EXPECT_EQ(swept(bench), "rotate failed identity_unknown");
  EXPECT_EQ(std::ranges::count(bench.account.log, "CreateAccessKey"), 0);
  bench.clock.advance(days_long(1));
  EXPECT_EQ(swept(bench), "rotate failed identity_unknown") << "the same each day";
}

// The list of keys is another user's while a run recovers: his own new key must not look like what was left.
TEST(Identity, ARecoveryNeverTakesAnotherUsersKeyForAnOrphan) {
  Bench bench;
  arrange_worker(bench, "ann");
  bench.account.fault_of["CreateAccessKey"] = {Fault::Kind::crash_before, {}};
  bench.apply("ann");
  bench.account.fault_of.clear();
  bench.clock.advance(10min);
  std::optional<AccessKeyId> strangers;
  before(bench, "TagResource", [&] {  // the adoption
    bench.account.rename_user("ann", "ann-old");
    bench.account.add_user("ann");
    strangers = bench.account.add_key("ann", 0h, LastUse::never());
  });
  bench.clock.advance(10min);
  bench.visit(Mode::apply, {});
  ASSERT_TRUE(strangers);
  EXPECT_EQ(bench.account.keys.at(*strangers).status, KeyStatus::active);
}

}  // namespace
}  // namespace rekeyer::rotation
