// The policies of users' secrets after a change of the configuration: which are written, which are left alone and why,
// and what their tag says.
#include "rotation/relock.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "fakes/rotation_bench.hpp"
#include "policy/intent.hpp"
#include "rotation/lock.hpp"
#include "rotation/lock_mark.hpp"
#include "rotation/secrets_of_account.hpp"

namespace rekeyer::rotation {
namespace {

using fakes::Bench;
using fakes::Fault;
using fakes::shape;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using namespace std::chrono_literals;

constexpr auto old_role = "arn:aws:iam::111111111111:role/rekeyer-member";
constexpr auto new_role = "arn:aws:iam::111111111111:role/rekeyer-rotator";

/// Ann's key was rotated, and her secret is locked for the role of then.
struct LockedOrganization {
  LockedOrganization() {
    bench.account.add_user("ann");
    bench.account.add_key("ann", 95h * 24, LastUse::used(bench.clock.now() - 5h, "s3", "eu-west-1"));
    EXPECT_EQ(shape(bench.apply("ann").value()), "rotate done rotation_due");
    bench.settle("ann");
    bench.clock.advance(24h * 3);
    bench.account.log.clear();
  }
  fakes::StoredSecret& secret() { return bench.account.stored.begin()->second; }
  aws::Tags& tags() { return secret().description.tags; }
  /// The role was renamed, and the run works as the one of that name.
  void rename_role(const char* works_as = new_role) {
    bench.settings.scope.member_role = RoleName("rekeyer-rotator");
    bench.settings.store.former_writers = {"arn:aws:iam::{account}:role/rekeyer-member"};
    bench.account.writes_secrets_as = {Arn(works_as)};
  }
  /// Who may change it, and who made the secret does not.
  void work_as(const char* role) { bench.account.writes_secrets_as = {Arn(role)}; }
  /// One `rekeyer relock`, in a word a user.
  std::string relock(Mode mode = Mode::apply) {
    bench.options.relock = true;
    outcome = bench.visit(mode, {});
    bench.options.relock = false;
    detail = outcome->actions.empty() ? "" : outcome->actions.front().detail;
    return shape(outcome->actions);
  }
  std::vector<std::string> changes() const {
    std::vector<std::string> made;
    for (const auto& call : bench.account.log) {
      if (call == "PutResourcePolicy" || call == "TagResource") made.push_back(call);
      EXPECT_FALSE(call == "PutSecretValue" || call == "CreateAccessKey" || call == "UpdateAccessKey" ||
                   call == "DeleteAccessKey" || call == "CreateSecret" || call == "DeleteSecret")
          << call;
    }
    return made;
  }
  LockMark mark() {
    policy::Subject ann;
    ann.account = bench.account_id;
    return read_lock_mark(secret().description, configured_policy(bench.settings, ann, "aws"));
  }

  Bench bench;
  std::optional<AccountOutcome> outcome;
  std::string detail;
};

TEST(Relock, LeavesAloneWhatIsAsItShouldBe) {
  LockedOrganization org;
  EXPECT_EQ(org.relock(), "");
  EXPECT_THAT(org.changes(), IsEmpty());
  EXPECT_EQ(org.mark(), LockMark::as_wanted) << "the rotation has noted it";
}

TEST(Relock, WritesEachSettingThatThePolicyTellsOf) {
  const std::vector<std::pair<std::string, std::function<void(StoreSettings&)>>> cases{
      {"role/second", [](auto& store) { store.writers = {"arn:aws:iam::{account}:role/second"}; }},
      {"role/emergency", [](auto& store) { store.break_glass = {"arn:aws:iam::*:role/emergency"}; }},
      {"RekeyerReaders", [](auto& store) { store.lock = LockMode::all; }},
      {"role/team",
       [](auto& store) {
         store.lock = LockMode::all;
         store.readers = {"arn:aws:iam::{account}:role/team"};
       }},
  };
  for (const auto& [words, change] : cases) {
    SCOPED_TRACE(words);
    LockedOrganization org;
    change(org.bench.settings.store);
    EXPECT_EQ(org.mark(), LockMark::otherwise);
    EXPECT_EQ(org.relock(Mode::plan), "relock planned lock_differs");
    EXPECT_THAT(org.changes(), IsEmpty());
    EXPECT_EQ(org.relock(), "relock done lock_differs");
    EXPECT_THAT(org.changes(), ElementsAre("PutResourcePolicy", "TagResource"));
    EXPECT_THAT(*org.secret().policy, HasSubstr(words));
    EXPECT_EQ(org.mark(), LockMark::as_wanted);
    EXPECT_EQ(org.relock(), "") << "once is enough";
  }
}

TEST(Relock, TakesTheGrantOffAndPutsItBack) {
  LockedOrganization org;
  org.bench.settings.store.grant = Grant::none;
  EXPECT_EQ(org.relock(), "relock done lock_differs");
  EXPECT_THAT(*org.secret().policy, Not(HasSubstr("RekeyerOwnerRead")));
  org.bench.settings.store.grant = Grant::secret_policy;
  EXPECT_EQ(org.relock(), "relock done lock_differs");
  EXPECT_THAT(*org.secret().policy, HasSubstr("user/ann"));
}

TEST(Relock, TakesTheLockOffWhereNoneIsWantedAnyMore) {
  LockedOrganization org;
  org.bench.settings.store.lock = LockMode::none;
  EXPECT_EQ(org.relock(), "relock done lock_differs");
  EXPECT_THAT(org.detail, HasSubstr("no lock, in place of one for"));
  EXPECT_THAT(*org.secret().policy, Not(HasSubstr("RekeyerLock")));
  EXPECT_EQ(org.relock(), "") << "nothing shows that it is rekeyer's any more, and nothing is to be shown";
}

TEST(Relock, NotesWhatAVersionBeforeTheTagHasLocked) {
  LockedOrganization org;
  org.tags().erase(std::string(lock_tag));
  EXPECT_EQ(org.mark(), LockMark::unknown);
  EXPECT_EQ(org.relock(), "relock done lock_unmarked");
  EXPECT_THAT(org.changes(), ElementsAre("TagResource"));
  EXPECT_EQ(org.mark(), LockMark::as_wanted);
}

TEST(Relock, DoesWithoutTheTagWhereThereIsNoRoomForIt) {
  LockedOrganization org;
  org.tags().erase(std::string(lock_tag));
  for (int i = 0; org.tags().size() < 50; ++i) org.tags()["team" + std::to_string(i)] = "x";
  EXPECT_EQ(org.relock(), "");
  org.bench.settings.store.lock = LockMode::all;
  EXPECT_EQ(org.relock(), "relock done lock_differs");
  EXPECT_THAT(org.changes(), ElementsAre("PutResourcePolicy"));
}

// The tag is for counting: a forged one neither spares a secret nor has it written.
TEST(Relock, DoesNotBelieveTheTag) {
  LockedOrganization org;
  const auto right = org.tags().at(std::string(lock_tag));
  org.bench.settings.store.lock = LockMode::all;
  policy::Subject ann;
  ann.account = org.bench.account_id;
  org.tags()[std::string(lock_tag)] = lock_mark(configured_policy(org.bench.settings, ann, "aws"));
  EXPECT_EQ(org.relock(), "relock done lock_differs") << "the policy is what counts";

  org.bench.settings.store.lock = LockMode::write;
  org.relock();
  org.bench.account.log.clear();
  org.tags()[std::string(lock_tag)] = "1 0123456789abcdef";
  EXPECT_EQ(org.relock(), "relock done lock_unmarked");
  EXPECT_THAT(org.changes(), ElementsAre("TagResource"));
  EXPECT_EQ(org.tags().at(std::string(lock_tag)), right);
}

TEST(Relock, NeverWritesWhatIsNotProved) {
  const std::vector<std::pair<std::string, std::function<void(fakes::StoredSecret&)>>> cases{
      {"no proof and id on it", [](auto& secret) { secret.description.tags.erase(std::string(proof_tag)); }},
      {"no proof and id on it", [](auto& secret) { secret.description.tags.erase(std::string(id_tag)); }},
      {"no lock of rekeyer's", [](auto& secret) { secret.policy.reset(); }},
      {"the policy that is there can't be read", [](auto& secret) { secret.policy = "theirs"; }},
  };
  for (const auto& [words, spoil] : cases) {
    SCOPED_TRACE(words);
    LockedOrganization org;
    spoil(org.secret());
    org.bench.settings.store.lock = LockMode::all;
    EXPECT_EQ(org.relock(Mode::plan), "relock held not_ours");
    EXPECT_EQ(org.relock(), "relock held not_ours");
    EXPECT_THAT(org.detail, HasSubstr(words));
    EXPECT_THAT(org.changes(), IsEmpty());
  }
}

TEST(Relock, NamesWhomALockOfStrangersLetsIn) {
  LockedOrganization org;
  org.rename_role();
  org.bench.settings.store.former_writers.clear();
  EXPECT_EQ(org.relock(), "relock held not_ours");
  EXPECT_THAT(org.detail, HasSubstr(std::string("its lock lets ") + old_role));
  EXPECT_THAT(org.detail, HasSubstr("name them under [store] former_writers"));
  org.bench.clock.advance(24h * 95);
  const auto held = org.bench.plan("ann");
  ASSERT_EQ(shape(held), "hold failed not_ours, hold failed not_ours");
  EXPECT_THAT(held.front().detail, HasSubstr("name them under [store] former_writers instead"))
      << "it is not to be deleted";
}

TEST(Relock, ARenamedRoleIsShutOutAndItsFormerNameBringsItBack) {
  LockedOrganization org;
  org.rename_role();
  EXPECT_EQ(org.relock(Mode::plan), "relock failed shut_out");
  EXPECT_EQ(org.relock(), "relock failed shut_out");
  EXPECT_THAT(org.detail, HasSubstr(std::string(old_role) + " change it, and not " + new_role));
  EXPECT_THAT(org.changes(), IsEmpty()) << "AWS is not asked what the policy tells";

  org.bench.settings.scope.member_role = RoleName("rekeyer-member");  // made again, and entered by
  org.bench.settings.store.writers = {"arn:aws:iam::{account}:role/rekeyer-rotator"};
  org.work_as(old_role);
  EXPECT_EQ(org.relock(), "relock done lock_differs");
  EXPECT_THAT(org.changes(), ElementsAre("TagResource", "PutResourcePolicy")) << "afterwards it may not tag any more";
  EXPECT_THAT(*org.secret().policy, HasSubstr(new_role));
  EXPECT_THAT(*org.secret().policy, Not(HasSubstr("rekeyer-member")));
  EXPECT_EQ(org.relock(), "") << "begun again, it has nothing to do";

  org.rename_role();
  EXPECT_EQ(org.mark(), LockMark::as_wanted);
  EXPECT_EQ(org.relock(), "");
}

TEST(Relock, OfAnAccountWhereNobodyWouldBeNamedIsRefused) {
  LockedOrganization org;
  org.bench.settings.store.former_writers = {old_role};
  org.relock();
  EXPECT_EQ(org.outcome->status, AccountStatus::failed);
  EXPECT_THAT(org.outcome->reason, HasSubstr("nobody could change a secret"));

  org.bench.settings.store.former_writers.clear();
  org.work_as("arn:aws:iam::111111111111:role/somebody");
  org.relock();
  EXPECT_EQ(org.outcome->status, AccountStatus::done)
      << "secrets are used without a lock there, as nobody asked for one";
  EXPECT_TRUE(org.outcome->actions.empty());
  org.bench.settings.store.lock_chosen = true;
  org.relock();
  EXPECT_EQ(org.outcome->status, AccountStatus::failed);
  EXPECT_THAT(org.outcome->reason, HasSubstr("role/somebody, is neither the member role"));
  EXPECT_THAT(org.changes(), IsEmpty());
}

TEST(Relock, LeavesAUserAloneWithWhomARunIsAtWork) {
  LockedOrganization org;
  org.bench.settings.store.lock = LockMode::all;
  const policy::Intent live{RunId("r"), org.bench.clock.now(), org.bench.clock.now() + 10min, {}};
  org.tags()[std::string(policy::intent_tag)] = policy::encode(live).value();
  EXPECT_EQ(org.relock(), "relock held in_progress");
  org.tags()[std::string(policy::intent_tag)] = "9 whatever";
  EXPECT_EQ(org.relock(), "relock held intent_unreadable");
  EXPECT_THAT(org.changes(), IsEmpty());
  org.tags()[std::string(policy::intent_tag)] = policy::encode(live).value();
  org.bench.clock.advance(11min);
  EXPECT_EQ(org.relock(), "relock done lock_differs");
}

TEST(Relock, DoesNotPutAPolicyThatLetsEverybodyIn) {
  LockedOrganization org;
  auto& policy = *org.secret().policy;
  policy.insert(
      policy.find('[') + 1,
      R"({"Sid":"Open","Effect":"Allow","Principal":"*","Action":"secretsmanager:GetSecretValue","Resource":"*"},)");
  org.bench.settings.store.lock = LockMode::all;
  EXPECT_EQ(org.relock(), "relock failed open_to_all");
  EXPECT_THAT(org.changes(), IsEmpty());
}

TEST(Relock, LeavesAloneWhatIsMarkedForDeletion) {
  LockedOrganization org;
  org.secret().description.deleted = org.bench.clock.now();
  org.bench.settings.store.lock = LockMode::all;
  EXPECT_EQ(org.relock(), "relock held marked_for_deletion");
}

TEST(Relock, SaysWhatAwsRefused) {
  LockedOrganization org;
  org.bench.settings.store.lock = LockMode::all;
  org.bench.account.fault_of["PutResourcePolicy"] = {Fault::Kind::refused, ErrorKind::access_denied};
  EXPECT_EQ(org.relock(), "relock failed access_denied");
  org.bench.account.fault_of.clear();
  org.bench.account.fault_of["TagResource"] = {Fault::Kind::refused, ErrorKind::throttled};
  EXPECT_EQ(org.relock(), "relock failed not_recorded");
  org.bench.account.fault_of.clear();
  EXPECT_EQ(org.relock(), "relock done lock_unmarked") << "it goes on where it was";
}

TEST(Relock, IsGoneOnWithAfterADeathAtAnyCall) {
  for (std::size_t call = 1;; ++call) {
    SCOPED_TRACE(call);
    LockedOrganization org;
    org.bench.settings.store.lock = LockMode::all;
    org.bench.account.fault_at[org.bench.account.calls + call] = {Fault::Kind::crash_after};
    org.bench.options.relock = true;
    const auto ended = org.bench.visit(Mode::apply, {});
    org.bench.account.fault_at.clear();
    org.relock();
    EXPECT_THAT(*org.secret().policy, HasSubstr("RekeyerReaders"));
    EXPECT_EQ(org.mark(), LockMark::as_wanted);
    EXPECT_EQ(org.relock(), "");
    if (ended) break;
  }
}

TEST(Relock, CoversTheSecretOfAUserWhoIsGone) {
  LockedOrganization org;
  const auto id = org.bench.account.users.at(UserName("ann")).user.id;
  org.bench.account.users.clear();
  org.bench.account.keys.clear();
  org.bench.settings.store.lock = LockMode::all;
  EXPECT_EQ(org.relock(), "relock held user_exists") << "AWS shows her ARN still";
  auto& policy = *org.secret().policy;
  const std::string arn = "arn:aws:iam::111111111111:user/ann";
  policy.replace(policy.find(arn), arn.size(), id.str());
  EXPECT_EQ(org.relock(Mode::plan), "relock planned lock_differs");
  EXPECT_EQ(org.relock(), "relock done lock_differs");
  EXPECT_THAT(policy, Not(HasSubstr("RekeyerOwnerRead")));
  EXPECT_THAT(policy, HasSubstr("RekeyerReaders"));
  EXPECT_EQ(org.mark(), LockMark::as_wanted);
}

TEST(Relock, ARotationNotesItToo) {
  LockedOrganization org;
  org.tags().erase(std::string(lock_tag));
  org.bench.settings.store.lock = LockMode::all;
  auto& keys = org.bench.account.keys;
  std::erase_if(keys, [](const auto& key) { return !key.second.issued_by_rekeyer; });
  org.bench.clock.advance(24h * 95);
  keys.begin()->second.last_use = LastUse::used(org.bench.clock.now() - 5h, "s3", "eu-west-1");
  EXPECT_EQ(shape(org.bench.apply("ann").value()), "rotate done rotation_due");
  EXPECT_EQ(org.mark(), LockMark::as_wanted);
  EXPECT_THAT(*org.secret().policy, HasSubstr("RekeyerReaders"));
}

TEST(Relock, SettlesASecretThatIsNewBeforeItsPolicyIsWritten) {
  LockedOrganization org;
  auto& proof = org.tags().at(std::string(proof_tag));
  proof = org.bench
              .run(org.bench.account.proofs().prove(org.secret().description.arn, id_on(org.secret().description),
                                                    Proof::fresh, org.bench.clock.now()))
              .value()
              .value();
  org.secret().description.changed = org.bench.clock.now();
  org.bench.settings.store.writers = {"arn:aws:iam::{account}:role/deputy"};
  EXPECT_EQ(org.relock(), "relock held lock_spreading");
  EXPECT_THAT(org.changes(), IsEmpty());
  org.bench.clock.advance(6min);
  EXPECT_EQ(org.relock(), "relock done lock_differs");
  EXPECT_THAT(org.changes(), ElementsAre("TagResource", "PutResourcePolicy", "TagResource"));
  EXPECT_EQ(org.bench.account.proofs().find(org.secret().description, id_on(org.secret().description)), Proof::settled);
}

TEST(Relock, ARotationLeavesThePlaceOfTheTagToOthersThatAreNeeded) {
  LockedOrganization org;
  org.tags().erase(std::string(lock_tag));
  for (int i = 0; i < 44; ++i) org.tags()["team" + std::to_string(i)] = "x";  // and six of rekeyer's
  auto& keys = org.bench.account.keys;
  std::erase_if(keys, [](const auto& key) { return !key.second.issued_by_rekeyer; });
  org.bench.clock.advance(24h * 95);
  keys.begin()->second.last_use = LastUse::used(org.bench.clock.now() - 5h, "s3", "eu-west-1");
  EXPECT_EQ(shape(org.bench.apply("ann").value()), "rotate done rotation_due");
  EXPECT_EQ(org.mark(), LockMark::unknown);
}

TEST(Fingerprint, IsOfTheConfigurationAndNotOfTheOwner) {
  WantedPolicy wanted;
  wanted.writers = {"a", "b"};
  const auto first = fingerprint(wanted);
  EXPECT_EQ(first.size(), 16U);
  wanted.owner = Arn("arn:aws:iam::111111111111:user/ann");
  wanted.owner_id = UserId("AIDAANN");
  wanted.writers = {"b", "a"};
  wanted.former_writers = {"c"};
  wanted.readers = {"nobody reads by the policy that lets all read"};
  EXPECT_EQ(fingerprint(wanted), first);
  auto other = wanted;
  other.writers.emplace_back("c");
  EXPECT_NE(fingerprint(other), first);
  other = wanted;
  other.grant = false;
  EXPECT_NE(fingerprint(other), first);
  other = wanted;
  other.only_readers_read = true;
  EXPECT_NE(fingerprint(other), first);
}

// Who changes what rekeyer writes raises policy_form in secret_policy.cpp, or doctor counts older policies as right.
TEST(Fingerprint, IsOfStatementsOfThisForm) {
  WantedPolicy wanted;
  wanted.owner = Arn("o");
  wanted.owner_id = UserId("i");
  wanted.writers = {"w"};
  wanted.only_readers_read = true;
  wanted.readers = {"r"};
  EXPECT_EQ(
      *review_policy(std::nullopt, wanted)->wanted,
      R"({"Version":"2012-10-17","Statement":[{"Sid":"RekeyerOwnerRead","Effect":"Allow","Principal":{"AWS":"o"},)"
      R"("Action":["secretsmanager:GetSecretValue","secretsmanager:DescribeSecret"],"Resource":"*",)"
      R"("Condition":{"StringEquals":{"aws:userid":"i"}}},{"Sid":"RekeyerLock","Effect":"Deny","Principal":"*",)"
      R"("NotAction":["secretsmanager:GetSecretValue","secretsmanager:DescribeSecret","secretsmanager:GetResourcePolicy",)"
      R"("secretsmanager:ListSecretVersionIds"],"Resource":"*","Condition":{"ArnNotLike":{"aws:PrincipalArn":["w"]}}},)"
      R"({"Sid":"RekeyerReaders","Effect":"Deny","Principal":"*","Action":"secretsmanager:GetSecretValue","Resource":"*",)"
      R"("Condition":{"StringNotEquals":{"aws:userid":"i"},"ArnNotLike":{"aws:PrincipalArn":["r"]}}}]})");
  EXPECT_EQ(fingerprint(wanted), "095b0a87f52faaa0");
}

TEST(LockMark, OfAnotherEditionIsUnknown) {
  aws::SecretDescription secret;
  secret.tags[std::string(lock_tag)] = "2 whatever";
  EXPECT_EQ(read_lock_mark(secret, {}), LockMark::unknown);
}

}  // namespace
}  // namespace rekeyer::rotation
