// What is noted of a run that issued no key.
#include "rotation/issued_nothing.hpp"

#include <gtest/gtest.h>

#include "policy/intent.hpp"

namespace rekeyer::rotation {
namespace {

using std::chrono::hours;

const Instant noon = Instant{std::chrono::days{20'000} + hours{12}};

std::optional<IssuedNothing> read(const std::string& value) {
  return read_issued_nothing({{std::string(policy::issued_nothing_tag), value}});
}

TEST(IssuedNothing, IsReadBackAsItWasWritten) {
  EXPECT_EQ(encode({RunId("8f31c0de12345678"), std::nullopt}), "8f31c0de12345678");
  const auto text = encode({RunId("8f31c0de12345678"), StoreRefusal{noon, "AccessDeniedException"}});
  EXPECT_EQ(text, "8f31c0de12345678 store=20241004T120000Z:AccessDeniedException");
  const auto noted = read(text);
  ASSERT_TRUE(noted && noted->refusal);
  EXPECT_EQ(noted->run.str(), "8f31c0de12345678");
  EXPECT_EQ(noted->refusal->at, noon);
  EXPECT_EQ(noted->refusal->code, "AccessDeniedException");
  EXPECT_EQ(encode({RunId("1"), StoreRefusal{noon, "not one word"}}), "1 store=20241004T120000Z:unknown");
  EXPECT_FALSE(read_issued_nothing({}));
}

TEST(IssuedNothing, WhatCanNotBeReadMakesNobodyWait) {
  for (const auto* strange :
       {"8f31c0de12345678 store=20241004T120000Z", "8f31c0de12345678 store=yesterday:A",
        "8f31c0de12345678 store=", "8f31c0de12345678 store=20241004T120000Z:A b", "8f31c0de12345678 other=1"}) {
    const auto noted = read(strange);
    EXPECT_FALSE(noted && noted->refusal) << strange;
  }
  EXPECT_FALSE(waits({noon + hours{1}, "A"}, noon)) << "of the future";
}

TEST(IssuedNothing, TheNextTryIsTheNextDay) {
  EXPECT_TRUE(waits({noon, "A"}, noon));
  EXPECT_TRUE(waits({noon, "A"}, noon + hours{19}));
  EXPECT_FALSE(waits({noon, "A"}, noon + hours{23})) << "a daily run that is a little early";
}

}  // namespace
}  // namespace rekeyer::rotation
