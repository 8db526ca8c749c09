#include "base/stable_hash.hpp"

#include <gtest/gtest.h>

namespace rekeyer {
namespace {

TEST(StableHash, IsFnv1aForEver) {
  EXPECT_EQ(stable_hash(""), 0xcbf29ce484222325U);
  EXPECT_EQ(stable_hash("a"), 0xaf63dc4c8601ec8cU);
  EXPECT_EQ(stable_hash("foobar"), 0x85944171f73967e8U);
  EXPECT_EQ(stable_hash("\xff"), (stable_hash_start ^ 0xffU) * 1099511628211ULL) << "bytes have no sign";
}

TEST(StableHash, GoesOnFromAnother) {
  EXPECT_EQ(stable_hash("bar", stable_hash("foo")), stable_hash("foobar"));
  EXPECT_NE(stable_hash("a", stable_hash_start ^ 1U), stable_hash("a"));
}

}  // namespace
}  // namespace rekeyer
