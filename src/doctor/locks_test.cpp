// Counting locks and proofs by what a list of secrets shows, and what is said of the counts.
#include "doctor/locks.hpp"

#include "doctor/judgement_fixture.hpp"
#include "rotation/lock_mark.hpp"
#include "rotation/secrets_of_account.hpp"

namespace rekeyer::doctor {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const AccountId account{"111111111111"};

std::string mark_of(const rotation::Settings& settings) {
  policy::Subject anybody;
  anybody.account = account;
  return rotation::lock_mark(rotation::configured_policy(settings, anybody, "aws"));
}

aws::SecretDescription secret(const std::string& user, const aws::Tags& tags) {
  aws::SecretDescription description;
  description.name = SecretName("Account_111111111111_User_" + user + "_AccessKey");
  description.tags = tags;
  return description;
}

aws::Tags proved(const std::string& mark) {
  aws::Tags tags{{std::string(rotation::id_tag), "AIDAANN"},
                 {std::string(rotation::proof_tag), "1 none 20260401T000000Z"}};
  if (!mark.empty()) tags.emplace(std::string(rotation::lock_tag), mark);
  return tags;
}

LockCounts count(const std::vector<aws::SecretDescription>& listed, const rotation::Settings& settings = {}) {
  return count_locks(listed, settings, account, "aws", rotation::UnsignedProofs());
}

TEST(DoctorLocks, AreCountedByTheirTags) {
  const rotation::Settings settings;
  auto deleted = secret("gone", {});
  deleted.deleted = Instant{};
  auto other = secret("x", {});
  other.name = SecretName("their-own");
  const auto counts =
      count({secret("right", proved(mark_of(settings))), secret("older", proved("1 0123456789abcdef")),
             secret("upgraded", proved("")), secret("later", proved("2 x")), secret("theirs", {}),
             secret("nobodys", {{std::string(rotation::proof_tag), "1 none 20260401T000000Z"}}), deleted, other});
  EXPECT_EQ(counts.proved, 4U);
  EXPECT_EQ(counts.differing, 1U);
  EXPECT_EQ(counts.unmarked, 2U);
  EXPECT_EQ(counts.unproved, 2U);
}

TEST(DoctorLocks, DifferAfterAChangeOfTheConfiguration) {
  rotation::Settings settings;
  const auto before = proved(mark_of(settings));
  settings.store.writers = {"arn:aws:iam::{account}:role/second"};
  EXPECT_EQ(count({secret("ann", before)}, settings).differing, 1U);
}

TEST(DoctorLocks, ThatAreRightAreOneLineEach) {
  const auto checks = judge_locks({{account, {40, 0, 0, 0}}, {AccountId("222222222222"), {2, 0, 0, 0}}});
  EXPECT_EQ(lines_of(checks), "ok accounts.locks\nok accounts.proofs\n");
  EXPECT_EQ(of(checks, Topic::accounts_locks).finding, "42 users' secrets locked as the configuration wants");
  EXPECT_TRUE(judge_locks({}).empty());
}

TEST(DoctorLocks, ThatSayNothingAreNoAlarm) {
  const auto check = of(judge_locks({{account, {40, 0, 30, 0}}}), Topic::accounts_locks);
  EXPECT_EQ(check.status, Status::ok);
  EXPECT_EQ(
      check.finding,
      "10 users' secrets locked as the configuration wants; of 30 it is not known: a rotation or `rekeyer relock` "
      "notes it");
}

TEST(DoctorLocks, OfOtherConfigurationsAreCountedByAccount) {
  const auto checks = judge_locks({{account, {40, 3, 0, 0}}, {AccountId("222222222222"), {20, 7, 0, 2}}});
  const auto locks = of(checks, Topic::accounts_locks);
  EXPECT_EQ(locks.status, Status::warning);
  EXPECT_EQ(locks.finding, "10 of 60 users' secrets not locked as the configuration wants");
  EXPECT_THAT(locks.remedy, HasSubstr("rekeyer relock"));
  EXPECT_THAT(locks.accounts, ElementsAre(AccountId("222222222222"), account));
  EXPECT_EQ(locks.counts.at(account), 3U);
  const auto proofs = of(checks, Topic::accounts_proofs);
  EXPECT_EQ(proofs.finding, "2 of 62 users' secrets not proved to be rekeyer's");
  EXPECT_THAT(proofs.remedy, HasSubstr("rekeyer adopt --before"));
  EXPECT_THAT(proofs.accounts, ElementsAre(AccountId("222222222222")));
}

}  // namespace
}  // namespace rekeyer::doctor
