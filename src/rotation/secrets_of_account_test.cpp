// Whose secret is whose, by id before name.
#include "rotation/secrets_of_account.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rotation/naming.hpp"

namespace rekeyer::rotation {
namespace {

const std::string name_template = "Account_{account}_User_{user}_AccessKey";
const AccountId shop("111111111111");

aws::SecretDescription secret_named(const std::string& user, const std::string& id = {}, int made_on_day = 1) {
  aws::SecretDescription secret;
  secret.name = secret_name(name_template, shop, UserName(user));
  secret.arn = Arn("arn:aws:secretsmanager:us-east-1:111111111111:secret:" + secret.name.str() + "-AbCdEf");
  if (!id.empty()) secret.tags.emplace(std::string(id_tag), id);
  secret.created = Instant{std::chrono::days{20'000 + made_on_day}};
  return secret;
}

SecretsOfAccount account_with(std::vector<aws::SecretDescription> secrets) {
  return {name_template, shop, std::move(secrets), nullptr};
}

/// Proved is what has the tag; who could have written it is not these tests' business.
class Signed final : public Proofs {
 public:
  ResultTask<> prepare() override { co_return Result<>{}; }
  ResultTask<std::string> prove(Arn, UserId, Proof, Instant) override { co_return "signed"; }
  Proof find(const aws::SecretDescription& secret, const UserId& user) const override {
    return id_on(secret) == user && secret.tags.contains(std::string(proof_tag)) ? Proof::settled : Proof::none;
  }
};

/// The user that the name of the claimed secret carries; "none".
std::string claimed(SecretsOfAccount& secrets, const std::string& user, const std::string& id) {
  const auto* his = secrets.claim(UserName(user), UserId(id));
  return his == nullptr ? "none" : his->user.str();
}

std::vector<std::string> unclaimed(SecretsOfAccount& secrets) {
  std::vector<std::string> users;
  for (const auto& left : secrets.take_unclaimed()) users.push_back(left.user.str());
  return users;
}

TEST(SecretsOfAccount, AUserKeepsTheSecretThroughARename) {
  auto secrets = account_with({secret_named("ann", "AIDA1"), secret_named("bob", "AIDA2")});
  EXPECT_EQ(claimed(secrets, "ann-smith", "AIDA1"), "ann");
  EXPECT_EQ(claimed(secrets, "Bob", "AIDA2"), "bob");
  EXPECT_THAT(unclaimed(secrets), testing::IsEmpty());
}

TEST(SecretsOfAccount, ANameThatCameBackAsAnotherUserNeverReachesTheOldSecret) {
  auto secrets = account_with({secret_named("ann", "AIDA1")});
  EXPECT_EQ(claimed(secrets, "ann", "AIDA2"), "none");
  const auto place = secrets.free_place(UserName("ann"), UserId("AIDA2"));
  EXPECT_EQ(place.carries.str(), "ann=id=AIDA2");
  EXPECT_EQ(place.name.str(), "Account_111111111111_User_ann=id=AIDA2_AccessKey");
  EXPECT_EQ(user_of_secret(name_template, shop, place.name.str()), place.carries);
  EXPECT_THAT(unclaimed(secrets), testing::ElementsAre("ann"));
}

TEST(SecretsOfAccount, AndIsFoundAgainWhereItWasMadeThen) {
  auto secrets = account_with({secret_named("ann", "AIDA1"), secret_named("ann=id=AIDA2", "AIDA2")});
  EXPECT_EQ(claimed(secrets, "ann", "AIDA2"), "ann=id=AIDA2");
}

TEST(SecretsOfAccount, ASecretFromBeforeIdsIsFoundByNameWhateverItsCase) {
  auto secrets = account_with({secret_named("Ann"), secret_named("ann"), secret_named("CI-Build")});
  EXPECT_EQ(claimed(secrets, "ann", "AIDA1"), "ann");
  EXPECT_EQ(claimed(secrets, "ci-build", "AIDA2"), "CI-Build");
  EXPECT_THAT(unclaimed(secrets), testing::ElementsAre("Ann"));
}

TEST(SecretsOfAccount, WhoeverPutsAnotherUsersIdOnASecretComesLaterThanHis) {
  auto secrets = account_with({secret_named("bob", "AIDA1", 9), secret_named("ann", "AIDA1", 3)});
  EXPECT_EQ(claimed(secrets, "bob", "AIDA1"), "ann");
  EXPECT_THAT(unclaimed(secrets), testing::ElementsAre("bob"));
}

// He stood at the name first, with another id, and put the user's on it once the user's own was made elsewhere. Or a
// run died when it had made the first one, and a list that was out of date had the next run make a second.
TEST(SecretsOfAccount, WhatIsProvedComesBeforeWhatIsOlder) {
  auto hers = secret_named("ann=id=AIDA1", "AIDA1", 9);
  const Signed proofs;
  for (const Proofs* given : {static_cast<const Proofs*>(nullptr), static_cast<const Proofs*>(&proofs)}) {
    hers.tags[std::string(proof_tag)] = given == nullptr ? "1 none 20260401T000000Z" : "signed";
    SecretsOfAccount secrets(name_template, shop, {secret_named("ann", "AIDA1", 3), hers}, given);
    EXPECT_EQ(claimed(secrets, "ann", "AIDA1"), "ann=id=AIDA1");
  }
}

TEST(SecretsOfAccount, OfTwoThatAreProvedTheOlderOneIsTaken) {
  auto older = secret_named("ann", "AIDA1", 3);
  auto younger = secret_named("ann=id=AIDA1", "AIDA1", 9);
  for (auto* secret : {&older, &younger}) secret->tags.emplace(std::string(proof_tag), "1 none 20260401T000000Z");
  auto secrets = account_with({younger, older});
  EXPECT_EQ(claimed(secrets, "ann", "AIDA1"), "ann");
}

TEST(SecretsOfAccount, AnIdOutweighsAName) {
  auto secrets = account_with({secret_named("bob"), secret_named("ann", "AIDA1")});
  EXPECT_EQ(claimed(secrets, "bob", "AIDA1"), "ann");
}

TEST(SecretsOfAccount, OtherNamesAreNobodys) {
  aws::SecretDescription other;
  other.name = SecretName("database/password");
  auto secrets = account_with({other});
  EXPECT_EQ(claimed(secrets, "password", "AIDA1"), "none");
  EXPECT_THAT(unclaimed(secrets), testing::IsEmpty());
  EXPECT_EQ(secrets.free_place(UserName("ann"), UserId("AIDA1")).carries.str(), "ann");
}

}  // namespace
}  // namespace rekeyer::rotation
