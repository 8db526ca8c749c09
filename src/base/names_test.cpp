// Names are texts that can't be mixed up.
#include "base/names.hpp"

#include <gtest/gtest.h>

#include <concepts>
#include <map>
#include <type_traits>

namespace rekeyer {
namespace {

static_assert(!std::is_convertible_v<std::string, UserName>, "a name is made on purpose");
static_assert(!std::is_convertible_v<UserName, std::string>);
static_assert(!std::is_constructible_v<UserName, AccountId> && !std::is_assignable_v<UserName&, GroupName>);
static_assert(!std::equality_comparable_with<UserName, GroupName>);
static_assert(!std::equality_comparable_with<UserName, std::string>);

TEST(Names, CompareByTheirTextAndItsCase) {
  EXPECT_EQ(UserName("ann"), UserName("ann"));
  EXPECT_NE(UserName("ann"), UserName("Ann"));
  EXPECT_LT(AccountId("000000000009"), AccountId("000000000010"));
  EXPECT_TRUE(UserName().empty());
  EXPECT_FALSE(UserName("ann").empty());
  const std::map<AccessKeyId, int> by_key{{AccessKeyId("AKIAB"), 2}, {AccessKeyId("AKIAA"), 1}};
  EXPECT_EQ(by_key.begin()->second, 1);
}

TEST(Names, HashAsTheyCompare) {
  const std::hash<UserName> hash;
  EXPECT_EQ(hash(UserName("ann")), hash(UserName("ann")));
  EXPECT_NE(hash(UserName("ann")), hash(UserName("bob")));
}

TEST(Names, AreFormattedAsTexts) {
  EXPECT_EQ(fmt::format("{}", AccountId("012345678901")), "012345678901");
  EXPECT_EQ(fmt::format("[{:>5}]", UserName("ann")), "[  ann]");
}

TEST(AccountIds, AreTwelveDigits) {
  EXPECT_TRUE(valid_account_id("123456789012"));
  EXPECT_TRUE(valid_account_id("000000000000"));
  for (const std::string_view text : {"", "12345678901", "1234567890123", "12345678901a", "12345678901 ",
                                      " 23456789012", "-23456789012", "1234-5678-901", "12345678901\xb2"}) {
    EXPECT_FALSE(valid_account_id(text)) << text;
  }
}

TEST(UserNames, AreWhatIamTakes) {
  for (const std::string_view text : {"a", "ann", "_+=,.@-", "Ann.Weber@example.com"}) {
    EXPECT_TRUE(valid_user_name(text)) << text;
  }
  EXPECT_TRUE(valid_user_name(std::string(128, 'x')));
  for (const std::string_view text : {"", "a b", "a/b", "ci-*", "a?", "a\x1b", "ann\n", "m\xc3\xbcller"}) {
    EXPECT_FALSE(valid_user_name(text)) << text;
  }
  EXPECT_FALSE(valid_user_name(std::string(129, 'x')));
}

}  // namespace
}  // namespace rekeyer
