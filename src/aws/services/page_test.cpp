// Lists in pages end, whatever the service says.
#include "aws/services/page.hpp"

#include <gmock/gmock.h>

namespace rekeyer::aws {
namespace {

using ::testing::HasSubstr;

TEST(Pages, AContinuationThatComesTwiceIsAnError) {
  PageTrail trail("iam:ListUsers");
  EXPECT_TRUE(trail.follow("a"));
  EXPECT_TRUE(trail.follow("b"));
  const auto again = trail.follow("a");
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, ErrorKind::bad_reply);
  EXPECT_EQ(again.error().operation, "iam:ListUsers");
}

TEST(Pages, AListThatAlwaysGoesOnElsewhereIsAnError) {
  PageTrail trail("secretsmanager:ListSecrets");
  std::size_t pages = 0;
  constexpr std::size_t more_than_any_list = 20'000;
  Result<> followed;
  while (followed && pages < more_than_any_list) followed = trail.follow(std::to_string(++pages));
  ASSERT_FALSE(followed);
  EXPECT_GT(pages, 5'000u) << "half a million secrets are a list that ends";
  EXPECT_THAT(followed.error().message, HasSubstr("no end"));
}

}  // namespace
}  // namespace rekeyer::aws
