// The tag rekeyer:custody: what is written can be read, what was not written by us can't, and AWS takes it.
#include "policy/custody.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/text.hpp"
#include "policy/facts_generator.hpp"
#include "policy/intent.hpp"

namespace rekeyer::policy {
namespace {

Instant at(std::string_view text) { return parse_iso8601(text).value(); }

TEST(Custody, IsWrittenOneWordAKey) {
  Custody custody;
  custody.put({AccessKeyId("AKIAB"), KeyPhase::retiring, at("2026-01-01"), at("2026-01-11"), true, {}});
  custody.put({AccessKeyId("AKIAA"), KeyPhase::current, at("2026-01-01T02:03:04Z"), {}, false, {}});
  custody.put({AccessKeyId("AKIAC"), KeyPhase::orphan, at("2026-01-01"), {}, false, at("2026-01-02")});
  EXPECT_EQ(encode(custody),
            "1 AKIAA:current:20260101T020304Z AKIAB:retiring:20260101T000000Z:off=20260111T000000Z:by=rekeyer "
            "AKIAC:orphan:20260101T000000Z:back=20260102T000000Z");
}

TEST(Custody, WithoutKeysIsItsVersionAlone) {
  EXPECT_EQ(encode(Custody{}), "1");
  EXPECT_EQ(parse_custody("1"), Custody{});
}

TEST(Custody, RemembersAKeyOnce) {
  Custody custody;
  custody.put({AccessKeyId("AKIAA"), KeyPhase::current, at("2026-01-01"), {}, false, {}});
  custody.put({AccessKeyId("AKIAA"), KeyPhase::retiring, at("2026-02-01"), {}, false, {}});
  ASSERT_EQ(custody.keys.size(), 1U);
  EXPECT_EQ(custody.find(AccessKeyId("AKIAA"))->phase, KeyPhase::retiring);
  EXPECT_EQ(custody.find(AccessKeyId("AKIAB")), nullptr);
  custody.drop(AccessKeyId("AKIAB"));
  custody.drop(AccessKeyId("AKIAA"));
  EXPECT_TRUE(custody.empty());
}

TEST(Custody, TwoKeysOfFullLengthFitIntoATag) {
  Custody custody;
  for (const char* id : {"AKIAIOSFODNN7EXAMPLE", "AKIAI44QH8DHBEXAMPLE"}) {
    custody.put({AccessKeyId(id), KeyPhase::retiring, at("2026-01-01"), at("2026-01-11"), true, at("2026-01-12")});
  }
  const auto tag = encode(custody);
  ASSERT_TRUE(tag) << tag.error().message;
  EXPECT_LE(tag->size(), tag_value_limit);
}

TEST(Custody, ThatDoesNotFitIntoOneTagIsNotCutForIt) {
  Custody custody;
  for (int i = 0; i < 9; ++i) {
    custody.put(
        {AccessKeyId(fmt::format("AKIAIOSFODNN7EXAMPL{}", i)), KeyPhase::watched, at("2026-01-01"), {}, false, {}});
  }
  const auto tag = encode(custody);
  ASSERT_FALSE(tag);
  EXPECT_EQ(tag.error().kind, ErrorKind::rejected);
  EXPECT_NE(tag.error().message.find("256"), std::string::npos);
}

TEST(Custody, RefusesToWriteWhatItCouldNotRead) {
  for (const char* id : {"", "AKIA A", "AKIA:A", "AKIA,A", "AKI\xc3\x84"}) {
    Custody custody;
    custody.put({AccessKeyId(id), KeyPhase::current, at("2026-01-01"), {}, false, {}});
    EXPECT_FALSE(encode(custody)) << id;
  }
  Custody custody;
  custody.put({AccessKeyId("AKIAA"), KeyPhase::current, at("1969-12-31"), {}, false, {}});
  EXPECT_FALSE(encode(custody));
}

TEST(Custody, RefusesEverythingElse) {
  const char* const junk[] = {
      "",
      " ",
      "2",
      "1 ",
      " 1",
      "11",
      "hello",
      "1 AKIAA",
      "1 AKIAA:current",
      "1 AKIAA:current:",
      "1 AKIAA:king:20260101T000000Z",
      "1 AKIAA:current:2026-01-01",
      "1 AKIAA:current:20260101T000000",
      "1 AKIAA:current:20260132T000000Z",
      "1 AKIAA:current:20260101T000000Z ",
      "1 AKIAA:current:20260101T000000Z:",
      "1 AKIAA:current:20260101T000000Z:on=20260101T000000Z",
      "1 AKIAA:current:20260101T000000Z:off=",
      "1 AKIAA:current:20260101T000000Z:by=me",
      "1 AKIAA:current:20260101T000000Z:by=rekeyer:by=rekeyer",
      "1 AKIAA:current:20260101T000000Z:off=20260101T000000Z:off=20260102T000000Z",
      "1 AKIAA:current:20260101T000000Z:by=rekeyer:off=20260101T000000Z",
      "1  AKIAA:current:20260101T000000Z",
      "1 :current:20260101T000000Z",
      "1 AKIAB:current:20260101T000000Z AKIAA:retiring:20260101T000000Z",
      "1 AKIAA:current:20260101T000000Z AKIAA:retiring:20260101T000000Z",
      "1 AKIAA:current:20260101T000000Z\n",
  };
  for (const char* text : junk) {
    const auto parsed = parse_custody(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().kind, ErrorKind::bad_reply) << text;
    EXPECT_NE(parsed.error().message.find("rekeyer:custody"), std::string::npos) << text;
  }
  EXPECT_FALSE(parse_custody(std::string(5000, '1')));
}

TEST(Intent, IsWrittenInFiveWords) {
  const Intent intent{RunId("8f31c0de12345678"),
                      at("2026-01-01"),
                      at("2026-01-01T00:15:00Z"),
                      {AccessKeyId("AKIAB"), AccessKeyId("AKIAA")}};
  EXPECT_EQ(encode(intent), "1 run=8f31c0de12345678 start=20260101T000000Z lease=20260101T001500Z had=AKIAA:AKIAB");
}

TEST(Intent, OfAUserWithoutKeysNamesNone) {
  const Intent intent{RunId("r"), at("2026-01-01"), at("2026-01-01T00:15:00Z"), {}};
  EXPECT_EQ(encode(intent), "1 run=r start=20260101T000000Z lease=20260101T001500Z had=");
  EXPECT_EQ(parse_intent(encode(intent).value()).value(), intent);
}

/// A rotation begins where there is room for another key, so where there is one; what was adopted keeps its list.
TEST(Intent, OfEightKeysFitsIntoItsTag) {
  Intent intent{RunId("8f31c0de12345678"), at("2026-01-01"), at("2026-01-01T00:15:00Z"), {}};
  for (int i = 0; i < 8; ++i) intent.had.emplace_back(fmt::format("AKIAIOSFODNN7EXAMP{:02}", i));
  const auto tag = encode(intent);
  ASSERT_TRUE(tag) << tag.error().message;
  EXPECT_EQ(parse_intent(*tag).value(), intent);
}

TEST(Intent, NoneAndEmptyAreNone) {
  EXPECT_EQ(parse_intent("none").value(), std::nullopt);
  EXPECT_EQ(parse_intent("").value(), std::nullopt);
}

TEST(Intent, RefusesToWriteWhatItCouldNotRead) {
  const Intent good{RunId("r"), at("2026-01-01"), at("2026-01-01T00:15:00Z"), {AccessKeyId("AKIAA")}};
  ASSERT_TRUE(encode(good));
  Intent bad = good;
  bad.run = RunId("two words");
  EXPECT_FALSE(encode(bad));
  bad = good;
  bad.lease_end = bad.started - std::chrono::seconds{1};
  EXPECT_FALSE(encode(bad));
  bad = good;
  bad.had.emplace_back("AKIAA");
  EXPECT_FALSE(encode(bad));
  bad = good;
  for (int i = 0; i < 12; ++i) bad.had.emplace_back(fmt::format("AKIAIOSFODNN7EXAMP{:02}", i));
  EXPECT_FALSE(encode(bad));
}

TEST(Intent, RefusesEverythingElse) {
  const char* const junk[] = {
      "None",
      " none",
      "1",
      "2 run=r start=20260101T000000Z lease=20260101T001500Z had=",
      "1 run=r start=20260101T000000Z lease=20260101T001500Z",
      "1 run= start=20260101T000000Z lease=20260101T001500Z had=",
      "1 run=r start=2026 lease=20260101T001500Z had=",
      "1 run=r start=20260101T000000Z lease=20251231T001500Z had=",
      "1 start=20260101T000000Z run=r lease=20260101T001500Z had=",
      "1 run=r start=20260101T000000Z lease=20260101T001500Z had=AKIAA:",
      "1 run=r start=20260101T000000Z lease=20260101T001500Z had=AKIAB:AKIAA",
      "1 run=r start=20260101T000000Z lease=20260101T001500Z had=AKIAA:AKIAA",
      "1 run=r start=20260101T000000Z lease=20260101T001500Z had=AKIAA ",
      "1 run=r start=20260101T000000Z lease=20260101T001500Z had=AKIAA had=AKIAB",
  };
  for (const char* text : junk) {
    const auto parsed = parse_intent(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().kind, ErrorKind::bad_reply) << text;
    EXPECT_NE(parsed.error().message.find("rekeyer:intent"), std::string::npos) << text;
  }
}

bool in_alphabet(char c) { return is_alnum(c) || std::string_view(" _.:/=+-@").contains(c); }

TEST(Tags, WhatIsWrittenIsReadBackAndTakenByAws) {
  const auto seed = generated::seed();
  generated::Generator generator(seed);
  int custodies = 0, intents = 0;
  for (int i = 0; i < 3000; ++i) {
    const UserFacts facts = generator.plain_user();
    SCOPED_TRACE(fmt::format("seed {:x}, round {}", seed, i));
    if (const auto tag = encode(facts.custody)) {
      EXPECT_LE(tag->size(), tag_value_limit);
      EXPECT_TRUE(std::ranges::all_of(*tag, in_alphabet)) << *tag;
      EXPECT_EQ(parse_custody(*tag).value(), facts.custody) << *tag;
      ++custodies;
    }
    Intent intent = generator.intent(facts);
    std::ranges::sort(intent.had);
    if (const auto tag = encode(intent)) {
      EXPECT_TRUE(std::ranges::all_of(*tag, in_alphabet)) << *tag;
      EXPECT_EQ(parse_intent(*tag).value(), intent) << *tag;
      ++intents;
    }
  }
  EXPECT_GT(custodies, 1000) << "few could be written";
  EXPECT_GT(intents, 1000) << "few could be written";
}

TEST(Tags, ATagThatWasTouchedIsReadAsItIsOrNotAtAll) {
  const auto seed = generated::seed();
  generated::Generator generator(seed);
  int read = 0;
  for (int i = 0; i < 3000; ++i) {
    std::string tag = encode(generator.plain_user().custody).value_or("1");
    const std::size_t place = generator.random().below(tag.size());
    switch (generator.random().below(3)) {
      case 0: tag.erase(place, 1); break;
      case 1: tag.insert(place, 1, static_cast<char>(generator.random().below(256))); break;
      default: tag[place] = static_cast<char>(generator.random().below(256));
    }
    // No crash, and no other reading than the one that would be written again.
    if (const auto parsed = parse_custody(tag)) {
      EXPECT_EQ(encode(*parsed), tag);
      ++read;
    }
    if (const auto parsed = parse_intent(tag)) EXPECT_EQ(*parsed, std::nullopt);
  }
  EXPECT_GT(read, 100) << "nearly all were refused";
}

TEST(IntentTag, ALeaseThatNoRunCanHaveIsAClaimTooMuch) {
  const Instant now = at("2026-06-01T12:00:00Z");
  const auto lease_until = [](std::string_view end) {
    return "1 run=8f31c0de12345678 start=20260101T000000Z lease=" + std::string(end) + " had=";
  };
  for (const std::string_view possible : {"20260101T001500Z", "20260601T121500Z", "20260601T123000Z"}) {
    EXPECT_FALSE(claims_too_much(lease_until(possible), now)) << possible;
    EXPECT_FALSE(claims_too_much("none until=" + std::string(possible), now)) << possible;
  }
  for (const std::string_view impossible : {"20260601T123001Z", "99991231T000000Z"}) {
    EXPECT_TRUE(claims_too_much(lease_until(impossible), now)) << impossible;
    EXPECT_TRUE(claims_too_much("none until=" + std::string(impossible), now)) << impossible;
  }
  EXPECT_FALSE(claims_too_much("none", now));
  EXPECT_FALSE(claims_too_much("garbage", now)) << "parse_intent() says what that is";
}

}  // namespace
}  // namespace rekeyer::policy
