// Names of secrets and versions: one to one, and the same for ever.
#include "rotation/naming.hpp"

#include <gtest/gtest.h>

#include <map>

#include "base/random.hpp"

namespace rekeyer::rotation {
namespace {

constexpr std::string_view standard = "Account_{account}_User_{user}_AccessKey";
const AccountId named_account{"012345678901"};

TEST(SessionNames, HoldTheRunWhereTheySaySo) {
  EXPECT_EQ(session_name("rekeyer-{run}", RunId("ab12")), "rekeyer-ab12");
  EXPECT_EQ(session_name("key-rotation", RunId("ab12")), "key-rotation");
}

TEST(SecretNames, AreThoseOfTheOlderSystems) {
  EXPECT_EQ(secret_name(standard, named_account, UserName("ann@example.com")).str(),
            "Account_012345678901_User_ann@example.com_AccessKey");
  EXPECT_EQ(secret_name_prefix(standard, named_account), "Account_012345678901_User_");
}

TEST(SecretNames, EscapeTheOneCharacterThatSecretsManagerRefuses) {
  EXPECT_EQ(secret_name("{user}/k", named_account, UserName("a,b")).str(), "a=2Cb/k");
  EXPECT_EQ(secret_name("{user}/k", named_account, UserName("a=b")).str(), "a=b/k");
  EXPECT_EQ(secret_name("{user}/k", named_account, UserName("a=2Cb")).str(), "a=3D2Cb/k");
}

TEST(SecretNames, OfDifferentUsersDifferAndLeadBack) {
  const std::uint64_t seed = 20261122;
  Random random(seed);
  std::map<std::string, std::string> users;
  for (int i = 0; i < 20'000; ++i) {
    std::string user;
    const auto length = 1 + random.below(8);
    for (std::uint64_t c = 0; c < length; ++c) user += "ab,=23CD._-"[random.below(11)];
    const auto name = secret_name(standard, named_account, UserName(user)).str();
    const auto [known, fresh] = users.emplace(name, user);
    EXPECT_EQ(known->second, user) << "seed " << seed;
    ASSERT_EQ(user_of_secret(standard, named_account, name), UserName(user)) << "seed " << seed << " user " << user;
  }
}

TEST(SecretNames, OfOtherAccountsAndShapesAreNotTaken) {
  EXPECT_FALSE(user_of_secret(standard, named_account, "Account_999999999999_User_ann_AccessKey"));
  EXPECT_FALSE(user_of_secret(standard, named_account, "Account_012345678901_User__AccessKey"));
  EXPECT_FALSE(user_of_secret(standard, named_account, "Account_012345678901_User_ann"));
}

TEST(SecretNames, ThatNoUserCanHaveAreNotTaken) {
  const auto user_of = [](const std::string& part) {
    return user_of_secret(standard, named_account, "Account_012345678901_User_" + part + "_AccessKey");
  };
  EXPECT_EQ(user_of(std::string(128, 'x')), UserName(std::string(128, 'x')));
  for (const std::string& part : {std::string(129, 'x'), std::string("a/b"), std::string("a b"), std::string("a!"),
                                  std::string("\xc3\xa4"), std::string("a\nb")}) {
    EXPECT_FALSE(user_of(part)) << part;
    EXPECT_TRUE(fits_template(standard, named_account, "Account_012345678901_User_" + part + "_AccessKey")) << part;
  }
}

TEST(SecretNames, InAnotherSpellingThanOursAreNotTaken) {
  EXPECT_EQ(user_of_secret("{user}/k", named_account, "a=b/k"), UserName("a=b"));
  EXPECT_FALSE(user_of_secret("{user}/k", named_account, "a=3Db/k")) << "the secret of a=b has another name";
  EXPECT_FALSE(user_of_secret("{user}/k", named_account, "a,b/k")) << "that of a,b is a=2Cb/k";
}

TEST(VersionTokens, DependOnEachPartAndNeverChange) {
  const auto token = version_token(named_account, UserName("ann"), AccessKeyId("AKIAIOSFODNN7EXAMPLE"));
  // State in AWS is found by this value: a change of the derivation loses it.
  EXPECT_EQ(token.str(), "054b6e287f272aa5a0755007e3d06dbf6202bd7c5950e218eba493a8b307ff25");
  EXPECT_TRUE(is_version_token(token.str()));
  EXPECT_FALSE(is_version_token("3f0c8c1e-9d6b-4f7a-8a8e-0a1b2c3d4e5f"));
  EXPECT_NE(token, version_token(AccountId("012345678902"), UserName("ann"), AccessKeyId("AKIAIOSFODNN7EXAMPLE")));
  EXPECT_NE(token, version_token(named_account, UserName("anna"), AccessKeyId("KIAIOSFODNN7EXAMPLE")));
}

}  // namespace
}  // namespace rekeyer::rotation
