// Randomness that replays everywhere from its seed, and is even.
#include "base/random.hpp"

#include <gtest/gtest.h>

#include <array>
#include <set>

namespace rekeyer {
namespace {

TEST(Random, IsTheStandardsMersenneTwister) {
  Random random(5489);
  for (int i = 1; i < 10'000; ++i) random.next();
  EXPECT_EQ(random.next(), 9981545732273789042U);  // [rand.predef] says so: any library gives the same
}

TEST(Random, SameSeedSameEverything) {
  Random a(42);
  Random b(42);
  Random other(43);
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(a.below(1000), b.below(1000));
    EXPECT_EQ(a.unit(), b.unit());
    EXPECT_EQ(a.hex(7), b.hex(7));
  }
  EXPECT_NE(Random(42).hex(16), other.hex(16));
}

TEST(Random, BelowStaysBelowAndReachesEverything) {
  Random random(1);
  std::array<int, 7> seen{};
  for (int i = 0; i < 7000; ++i) ++seen.at(random.below(7));
  for (const int count : seen) EXPECT_NEAR(count, 1000, 150);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(random.below(1), 0);
}

TEST(Random, BelowFavoursNobodyWhereTheBoundDoesNotDivide) {
  // Taken modulo three quarters of the range, the lowest third would come up half of the time.
  constexpr std::uint64_t quarter = std::uint64_t{1} << 62;
  Random random(2);
  int lowest = 0;
  for (int i = 0; i < 9000; ++i) lowest += random.below(3 * quarter) < quarter ? 1 : 0;
  EXPECT_NEAR(lowest, 3000, 300);
}

TEST(Random, UnitIsEvenFromZeroToOne) {
  Random random(3);
  double sum = 0;
  for (int i = 0; i < 10'000; ++i) {
    const double value = random.unit();
    ASSERT_GE(value, 0.0);
    ASSERT_LT(value, 1.0);
    sum += value;
  }
  EXPECT_NEAR(sum / 10'000, 0.5, 0.02);
}

TEST(Random, ChanceIsTheProbability) {
  Random random(4);
  int hits = 0;
  for (int i = 0; i < 10'000; ++i) {
    EXPECT_FALSE(random.chance(0));
    EXPECT_TRUE(random.chance(1));
    hits += random.chance(0.2) ? 1 : 0;
  }
  EXPECT_NEAR(hits, 2000, 200);
}

TEST(Random, HexHasAsManyDigitsAsAskedFor) {
  Random random(5);
  EXPECT_EQ(random.hex(0), "");
  std::set<char> seen;
  for (const std::size_t digits : {1U, 15U, 16U, 1000U}) {
    const auto text = random.hex(digits);
    EXPECT_EQ(text.size(), digits);
    EXPECT_EQ(text.find_first_not_of("0123456789abcdef"), std::string::npos) << text;
    seen.insert(text.begin(), text.end());
  }
  EXPECT_EQ(seen.size(), 16);
}

TEST(Random, SystemSeedsDiffer) { EXPECT_NE(Random::from_system().next(), Random::from_system().next()); }

}  // namespace
}  // namespace rekeyer
