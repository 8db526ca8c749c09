// What an operator's word makes of a secret of an earlier version, held against AWS's own dates; and its way through
// lock, spread and record.
#include "rotation/vouch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "fakes/rotation_bench.hpp"
#include "policy/intent.hpp"
#include "rotation/naming.hpp"
#include "rotation/secrets_of_account.hpp"

namespace rekeyer::rotation {
namespace {

using fakes::Bench;
using testing::HasSubstr;
using namespace std::chrono_literals;

/// A user whose key was rotated three days ago by a version that knew neither ids nor locks.
struct OldOrganization {
  OldOrganization() {
    bench.settings.store.lock = LockMode::none;
    bench.account.add_user("ann");
    old_key = bench.account.add_key("ann", 95h * 24, LastUse::used(bench.clock.now() - 5h, "s3", "eu-west-1"));
    EXPECT_EQ(fakes::shape(bench.apply("ann").value()), "rotate done rotation_due");
    for (const auto tag : {proof_tag, id_tag}) secret().description.tags.erase(std::string(tag));
    secret().policy.reset();
    bench.settings.store.lock = LockMode::write;
    bench.clock.advance(24h * 3);
    before = bench.clock.now() - 24h;
    for (auto& [id, key] : bench.account.keys) key.last_use = LastUse::used(bench.clock.now() - 5h, "s3", "eu-west-1");
  }

  fakes::StoredSecret& secret() { return bench.account.stored.begin()->second; }
  policy::Custody custody() { return policy::read_custody(secret().description.tags).value().value(); }
  /// One `rekeyer adopt`, in a word a user.
  std::string adopt(Mode mode = Mode::apply) {
    bench.options.adopt_before = before;
    const auto outcome = bench.visit(mode, {});
    bench.options.adopt_before.reset();
    detail = outcome->actions.empty() ? "" : outcome->actions.front().detail;
    return fakes::shape(outcome->actions);
  }

  Bench bench;
  AccessKeyId old_key;
  Instant before;
  std::string detail;
};

TEST(Adopt, TakesOverAVouchedSecretWithItsRecordAndItsDates) {
  OldOrganization org;
  const auto record = org.custody();
  EXPECT_EQ(fakes::shape(org.bench.apply("ann").value()), "hold failed not_ours") << "nothing on it is believed";
  EXPECT_EQ(org.adopt(Mode::plan), "adopt planned vouched");
  EXPECT_EQ(org.adopt(), "adopt held lock_spreading");
  org.bench.clock.advance(6min);
  EXPECT_EQ(org.adopt(), "adopt done vouched");
  EXPECT_EQ(org.custody(), record);
  EXPECT_EQ(org.adopt(), "") << "it is rekeyer's now";

  org.bench.clock.advance(24h * 7);
  for (auto& [id, key] : org.bench.account.keys) {
    if (id != org.old_key) key.last_use = LastUse::used(org.bench.clock.now() - 1h, "s3", "eu-west-1");
  }
  EXPECT_EQ(fakes::shape(org.bench.apply("ann").value()), "deactivate done installation_over") << "on its day";
}

TEST(Adopt, WithoutAWordNothingOfItIsBelieved) {
  OldOrganization org;
  org.bench.clock.advance(24h * 90);
  for (auto& [id, key] : org.bench.account.keys) {
    key.last_use = LastUse::used(org.bench.clock.now() - 1h, "s3", "eu-west-1");
  }
  EXPECT_THAT(fakes::shape(org.bench.apply("ann").value()), HasSubstr("hold failed not_ours"));
  EXPECT_EQ(org.bench.account.keys.at(org.old_key).status, KeyStatus::active);
}

TEST(Adopt, LeavesAloneWhatWasMadeAfterTheDay) {
  OldOrganization org;
  org.secret().description.created = org.bench.clock.now() - 1h;
  EXPECT_EQ(org.adopt(), "adopt held not_vouched");
  EXPECT_THAT(org.detail, HasSubstr("not before"));
  EXPECT_FALSE(org.secret().policy) << "not locked, not touched";
}

TEST(Adopt, LeavesAloneWhatHasSomethingOfOthersOnIt) {
  const std::vector<std::pair<std::string, std::function<void(fakes::StoredSecret&)>>> cases{
      {"tag team", [](auto& secret) { secret.description.tags["team"] = "dev"; }},
      {"KMS key", [](auto& secret) { secret.description.kms_key_id = "arn:aws:kms:us-east-1:9:key/k"; }},
      {"a copy in", [](auto& secret) { secret.description.replicas.push_back({Region("eu-west-1"), "InSync", {}}); }},
      {"lets everybody in",
       [](auto& secret) {
         secret.policy =
             R"({"Statement":{"Effect":"Allow","Principal":"*","Action":"secretsmanager:GetSecretValue","Resource":"*"}})";
       }},
      {"the id of user", [](auto& secret) { secret.description.tags[std::string(id_tag)] = "AIDASOMEBODY"; }},
  };
  for (const auto& [words, put] : cases) {
    SCOPED_TRACE(words);
    OldOrganization org;
    put(org.secret());
    const auto said = org.adopt();
    if (words == "the id of user") {
      EXPECT_EQ(said, "") << "it is not ann's at all";
      continue;
    }
    EXPECT_EQ(said, "adopt held not_vouched");
    EXPECT_THAT(org.detail, HasSubstr(words));
  }
}

TEST(Adopt, KeepsReadersOfOthersAndNamesThem) {
  OldOrganization org;
  org.secret().policy =
      R"({"Version":"2012-10-17","Statement":[{"Sid":"Team","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:role/team"},)"
      R"("Action":"secretsmanager:GetSecretValue","Resource":"*"}]})";
  org.adopt();
  org.bench.clock.advance(6min);
  EXPECT_EQ(org.adopt(), "adopt done vouched");
  EXPECT_THAT(org.detail, HasSubstr("role/team (Sid Team): name who it is in [store] readers"));
  EXPECT_THAT(*org.secret().policy, HasSubstr("role/team"));
  EXPECT_THAT(*org.secret().policy, HasSubstr("RekeyerLock"));
}

// A record that AWS's dates do not carry: its keys get their whole time again.
TEST(Adopt, StartsTheClocksAnewWhereTheRecordContradictsIam) {
  const std::vector<std::pair<std::string, std::function<void(policy::Custody&, const AccessKeyId&)>>> cases{
      {"was replaced at",
       [](auto& custody, const auto& old_key) {
         auto record = *custody.find(old_key);
         record.since += 24h * 2;
         custody.put(record);
       }},
      {"nobody's",
       [](auto& custody, const auto& old_key) {
         custody.put({old_key, policy::KeyPhase::orphan, custody.find(old_key)->since, {}, false, {}});
       }},
      {"went off before it was replaced",
       [](auto& custody, const auto& old_key) {
         auto record = *custody.find(old_key);
         record.inactive_since = record.since - 24h * 9;
         custody.put(record);
       }},
  };
  for (const auto& [words, forge] : cases) {
    SCOPED_TRACE(words);
    OldOrganization org;
    auto custody = org.custody();
    forge(custody, org.old_key);
    org.secret().description.tags[std::string(policy::custody_tag)] = policy::encode(custody).value();
    org.adopt();
    org.bench.clock.advance(6min);
    EXPECT_EQ(org.adopt(), "adopt done vouched");
    EXPECT_THAT(org.detail, HasSubstr("its clocks start anew"));
    EXPECT_THAT(org.detail, HasSubstr(words));
    const auto after = org.custody();
    ASSERT_NE(after.find(org.old_key), nullptr);
    EXPECT_EQ(after.find(org.old_key)->phase, policy::KeyPhase::retiring);
    EXPECT_GE(after.find(org.old_key)->since, org.bench.clock.now() - 1min);
    EXPECT_EQ(org.bench.account.keys.at(org.old_key).status, KeyStatus::active);
  }
}

TEST(Adopt, TakesOverWhatAnOlderRotatorLeft) {
  OldOrganization org;
  auto& secret = org.secret();
  secret.description.tags.clear();
  secret.description.versions = {{VersionId("0a1b2c3d-1111-2222-3333-444455556666"), {"AWSCURRENT"}}};
  org.adopt();
  org.bench.clock.advance(6min);
  EXPECT_EQ(org.adopt(), "adopt done vouched");
  EXPECT_EQ(secret.description.versions.size(), 1U) << "whoever reads it goes on reading it";
  EXPECT_FALSE(secret.description.tags.contains(std::string(policy::custody_tag))) << "it claimed nothing";
}

TEST(Adopt, WaitsWhileAnotherRunIsAtWork) {
  OldOrganization org;
  org.adopt();
  org.bench.clock.advance(6min);
  const policy::Intent live{RunId("r"), org.bench.clock.now(), org.bench.clock.now() + 10min, {}};
  org.secret().description.tags[std::string(policy::intent_tag)] = policy::encode(live).value();
  EXPECT_EQ(org.adopt(), "adopt held in_progress");
}

}  // namespace
}  // namespace rekeyer::rotation
