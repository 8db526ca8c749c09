// What IAM shows of a key's uses while they are young.
#include "sandbox/world/key_use.hpp"

#include <gtest/gtest.h>

namespace rekeyer::sandbox {
namespace {

using namespace std::chrono_literals;

constexpr Instant start = std::chrono::sys_days{std::chrono::year{2026} / 3 / 1};
constexpr Milliseconds lag = 3h;

std::optional<Instant> shown(const AccessKey& key, Instant now) {
  const auto use = visible_use(key, now, lag);
  return use ? std::optional(use->at) : std::nullopt;
}

TEST(KeyUse, NeverUsedShowsNothing) { EXPECT_EQ(shown(AccessKey{}, start), std::nullopt); }

TEST(KeyUse, ShowsOnceItIsOldEnough) {
  AccessKey key;
  record_use(key, {start, "s3", "eu-west-1"}, lag);
  EXPECT_EQ(shown(key, start + 2h), std::nullopt);
  EXPECT_EQ(shown(key, start + 3h), start);
}

TEST(KeyUse, FormerUseStaysVisibleWhileTheNextIsYoung) {
  AccessKey key;
  record_use(key, {start, "s3", "eu-west-1"}, lag);
  record_use(key, {start + 24h, "s3", "eu-west-1"}, lag);
  EXPECT_EQ(shown(key, start + 25h), start);
  EXPECT_EQ(shown(key, start + 27h), start + 24h);
}

TEST(KeyUse, SteadyUseNeverLooksOlderThanTwiceTheLag) {
  AccessKey key;
  for (int minute = 0; minute <= 3000; minute += 10) {
    const auto now = start + std::chrono::minutes{minute};
    record_use(key, {now, "s3", "eu-west-1"}, lag);
    if (now - start < 2 * lag) continue;
    ASSERT_TRUE(shown(key, now));
    EXPECT_LE(now - *shown(key, now), 2 * lag + 10min);
  }
}

}  // namespace
}  // namespace rekeyer::sandbox
