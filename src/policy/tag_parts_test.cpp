// Records of more keys than one tag holds: spread over tags, read back whole, and lost as a whole where a part is lost.
#include "policy/tag_parts.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/text.hpp"
#include "policy/custody.hpp"
#include "policy/facts_generator.hpp"

namespace rekeyer::policy {
namespace {

const std::string first_tag{custody_tag};

std::string second_tag() { return part_name(custody_tag, 2); }

/// A custody of that many keys with every field, so that two fill a tag.
Custody full_custody(std::size_t keys) {
  const Instant since = std::chrono::sys_days{std::chrono::year{2026} / 1 / 1};
  Custody custody;
  for (std::size_t i = 0; i < keys; ++i) {
    const AccessKeyId id(fmt::format("AKIAIOSFODNN7EXAMP{:02}", i));
    custody.put({id, KeyPhase::retiring, since, since, true, since});
  }
  return custody;
}

TEST(TagParts, WhatFitsStandsInOneTagAsEver) {
  const auto tags = custody_tags(full_custody(2), {});
  ASSERT_TRUE(tags);
  EXPECT_EQ(*tags, (TagMap{{first_tag, encode(full_custody(2)).value()}}));
  EXPECT_EQ(custody_tags({}, {}), (TagMap{{first_tag, "1"}}));
}

TEST(TagParts, WhatDoesNotFitGoesOnInFurtherTags) {
  const auto tags = custody_tags(full_custody(3), {});
  ASSERT_TRUE(tags);
  ASSERT_EQ(tags->size(), 2U);
  EXPECT_EQ(tags->at(first_tag),
            "2 part=1/2 "
            "AKIAIOSFODNN7EXAMP00:retiring:20260101T000000Z:off=20260101T000000Z:by=rekeyer:back=20260101T000000Z "
            "AKIAIOSFODNN7EXAMP01:retiring:20260101T000000Z:off=20260101T000000Z:by=rekeyer:back=20260101T000000Z");
  EXPECT_EQ(tags->at("rekeyer:custody-2"),
            "2 part=2/2 "
            "AKIAIOSFODNN7EXAMP02:retiring:20260101T000000Z:off=20260101T000000Z:by=rekeyer:back=20260101T000000Z");
}

TEST(TagParts, FarTooManyKeysAreRefusedAndNotCut) {
  const auto tags = custody_tags(full_custody(2 * most_tag_parts + 1), {});
  ASSERT_FALSE(tags);
  EXPECT_EQ(tags.error().kind, ErrorKind::rejected);
  EXPECT_NE(tags.error().message.find("19 keys"), std::string::npos) << tags.error().message;
}

TEST(TagParts, APartThatIsNotNeededAnyMoreSaysSoAndIsWrittenOnce) {
  const auto many = custody_tags(full_custody(5), {}).value();
  ASSERT_EQ(many.size(), 3U);
  const auto fewer = custody_tags(full_custody(1), many).value();
  EXPECT_EQ(fewer, (TagMap{{first_tag, encode(full_custody(1)).value()},
                           {"rekeyer:custody-2", "none"},
                           {"rekeyer:custody-3", "none"}}));
  EXPECT_EQ(read_custody(fewer).value(), full_custody(1));
  EXPECT_EQ(custody_tags({}, fewer).value(), (TagMap{{first_tag, "1"}}));
}

TEST(TagParts, WhatTheFirstTagDoesNotCountIsNoPartOfTheRecord) {
  auto tags = custody_tags(full_custody(4), {}).value();
  tags["rekeyer:custody-3"] = custody_tags(full_custody(6), {}).value().at("rekeyer:custody-3");
  EXPECT_EQ(read_custody(tags).value(), full_custody(4));
  // A rekeyer that knows of no parts has written the first tag since.
  tags[first_tag] = encode(full_custody(2)).value();
  EXPECT_EQ(read_custody(tags).value(), full_custody(2));
}

TEST(TagParts, WithoutAnyTagThereIsNoRecord) {
  EXPECT_EQ(read_custody({}).value(), std::nullopt);
  EXPECT_EQ(read_custody({{"rekeyer:intent", "none"}}).value(), std::nullopt);
  EXPECT_EQ(read_custody({{second_tag(), "none"}}).value(), std::nullopt);
}

TEST(TagParts, APartThatIsMissingOrForeignTakesAllOfItAlong) {
  const auto whole = custody_tags(full_custody(6), {}).value();
  ASSERT_EQ(whole.size(), 3U);
  const auto of_eight = custody_tags(full_custody(8), {}).value();
  for (const auto& [name, value] : whole) {
    auto tags = whole;
    tags.erase(name);
    EXPECT_FALSE(read_custody(tags)) << "without " << name;
    for (const std::string& foreign :
         {std::string("none"), std::string("1"), std::string(), value + ' ', value.substr(0, value.size() - 1),
          value.substr(0, value.find(' ', 2)), of_eight.at(name), encode(full_custody(1)).value()}) {
      tags[name] = foreign;
      const auto read = read_custody(tags);
      if (name == first_tag && foreign.starts_with('1')) {
        EXPECT_TRUE(read) << "that is a whole record";
        continue;
      }
      ASSERT_FALSE(read) << name << " = " << foreign;
      EXPECT_EQ(read.error().kind, ErrorKind::bad_reply);
      EXPECT_NE(read.error().message.find("rekeyer:custody"), std::string::npos) << read.error().message;
    }
  }
}

TEST(TagParts, RefusesPartsThatAreCutInAnotherWay) {
  const std::string word = "AKIAA:current:20260101T000000Z";
  for (const char* opening : {"2", "2 ", "2 part=1/1", "2 part=1/0", "2 part=1/10", "2 part=2/2", "2 part=1/2 ", "3"}) {
    EXPECT_FALSE(read_custody({{first_tag, opening}, {second_tag(), "2 part=2/2 " + word}})) << opening;
  }
  const TagMap would_fit{{first_tag, "2 part=1/2 " + word},
                         {second_tag(), "2 part=2/2 AKIAB:current:20260101T000000Z"}};
  EXPECT_FALSE(read_custody(would_fit)) << "all of it fits into one tag";
  auto swapped = custody_tags(full_custody(4), {}).value();
  const auto words_of = [](const std::string& value) { return value.substr(std::string("2 part=1/2 ").size()); };
  const auto words = std::pair(words_of(swapped[first_tag]), words_of(swapped[second_tag()]));
  swapped[first_tag] = "2 part=1/2 " + words.second;
  swapped[second_tag()] = "2 part=2/2 " + words.first;
  EXPECT_FALSE(read_custody(swapped)) << "keys out of order";
}

/// Any fields of up to eight keys, with ids as AWS makes them and as long as it allows.
Custody any_custody(generated::Generator& generator) {
  Custody custody;
  const auto keys = generator.random().below(9);
  for (std::size_t i = 0; i < keys; ++i) {
    std::string id = fmt::format("AKIA{:016}", generator.random().below(1'000'000));
    if (generator.random().chance(0.05)) id.resize(128, 'X');
    custody.put(generator.record(AccessKeyId(id)));
  }
  return custody;
}

bool taken_by_aws(const std::string& value) {
  return value.size() <= tag_value_limit &&
         std::ranges::all_of(value, [](char c) { return is_alnum(c) || std::string_view(" _.:/=+-@").contains(c); });
}

TEST(TagParts, ACustodyOfUpToEightKeysIsReadBackWhateverStoodThereBefore) {
  const auto seed = generated::seed();
  generated::Generator generator(seed);
  TagMap existing;
  int in_parts = 0, in_one = 0;
  for (int i = 0; i < 5000; ++i) {
    SCOPED_TRACE(fmt::format("seed {:x}, round {}", seed, i));
    const auto custody = any_custody(generator);
    const auto written = custody_tags(custody, existing);
    ASSERT_TRUE(written) << written.error().message;
    for (const auto& [name, value] : *written) EXPECT_TRUE(taken_by_aws(value)) << name << " = " << value;
    for (const auto& [name, value] : *written) existing[name] = value;  // as TagResource does
    EXPECT_EQ(read_custody(existing).value(), custody);
    ++(existing.at(first_tag).starts_with("1") ? in_one : in_parts);
  }
  EXPECT_GT(in_parts, 1000);
  EXPECT_GT(in_one, 500);
}

TEST(TagParts, ATagThatWasTouchedIsReadAsItIsOrNotAtAll) {
  const auto seed = generated::seed();
  generated::Generator generator(seed);
  int refused = 0;
  for (int i = 0; i < 5000; ++i) {
    SCOPED_TRACE(fmt::format("seed {:x}, round {}", seed, i));
    auto tags = custody_tags(any_custody(generator), {}).value();
    auto& value = std::next(tags.begin(), static_cast<long>(generator.random().below(tags.size())))->second;
    const std::size_t place = generator.random().below(value.size());
    switch (generator.random().below(3)) {
      case 0: value.erase(place, 1); break;
      case 1: value.insert(place, 1, static_cast<char>(generator.random().below(256))); break;
      default: value[place] = static_cast<char>(generator.random().below(256));
    }
    const auto read = read_custody(tags);
    if (!read) {
      ++refused;
      continue;
    }
    ASSERT_TRUE(read->has_value());
    for (const auto& [name, again] : custody_tags(**read, {}).value()) EXPECT_EQ(again, tags.at(name));
  }
  EXPECT_GT(refused, 1000);
}

}  // namespace
}  // namespace rekeyer::policy
