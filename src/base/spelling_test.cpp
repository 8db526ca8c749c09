// Which name a misspelt one is taken for.
#include "base/spelling.hpp"

#include <gtest/gtest.h>

namespace rekeyer {
namespace {

const std::vector<std::string_view> names{"hold", "ignore", "rotate", "in_use_window"};

TEST(ClosestName, IsTheOneThatNeedsTheFewestChanges) {
  EXPECT_EQ(closest_name("holt", names), "hold");
  EXPECT_EQ(closest_name("rotates", names), "rotate");
  EXPECT_EQ(closest_name("inuse_window", names), "in_use_window");
}

TEST(ClosestName, TakesTwoLettersThatChangedPlacesForOneMistake) {
  EXPECT_EQ(closest_name("hlod", names), "hold");
  EXPECT_EQ(closest_name("hl", {"hold", "lh"}), "lh");
}

TEST(ClosestName, HasNoCase) {
  EXPECT_EQ(closest_name("HOLD", names), "hold");
  EXPECT_EQ(closest_name("ignore", {"Ignore"}), "Ignore");
}

TEST(ClosestName, IsTheFirstOfEquals) { EXPECT_EQ(closest_name("hat", {"hot", "hut"}), "hot"); }

TEST(ClosestName, IsEmptyWhereNothingIsClose) {
  EXPECT_EQ(closest_name("elephant", names), "");
  EXPECT_EQ(closest_name("", names), "");
  EXPECT_EQ(closest_name("hold", {}), "");
  EXPECT_EQ(closest_name(std::string(100'000, 'x'), names), "");
}

}  // namespace
}  // namespace rekeyer
