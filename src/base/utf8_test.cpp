// Well-formed UTF-8 against an encoder that is written out here, over every code point and every short sequence of
// bytes.
#include "base/utf8.hpp"

#include <gtest/gtest.h>

#include <string>

namespace rekeyer {
namespace {

std::string encoded(char32_t code) {
  const auto tail = [code](unsigned shift) { return static_cast<char>(0x80U | ((code >> shift) & 0x3fU)); };
  if (code < 0x80) return {static_cast<char>(code)};
  if (code < 0x800) return {static_cast<char>(0xc0U | code >> 6U), tail(0)};
  if (code < 0x10000) return {static_cast<char>(0xe0U | code >> 12U), tail(6), tail(0)};
  return {static_cast<char>(0xf0U | code >> 18U), tail(12), tail(6), tail(0)};
}

bool is_surrogate(char32_t code) { return code >= 0xd800 && code <= 0xdfff; }

TEST(Utf8, EveryCharacterIsReadBack) {
  for (char32_t code = 0; code <= 0x10ffff; ++code) {
    const auto text = encoded(code);
    const auto character = first_character(text + "\x80");
    ASSERT_EQ(character.valid, !is_surrogate(code)) << std::uint32_t{code};
    ASSERT_EQ(is_utf8(text), !is_surrogate(code)) << std::uint32_t{code};
    if (is_surrogate(code)) {
      ASSERT_EQ(character.bytes, 1);
      continue;
    }
    ASSERT_EQ(character.code, code);
    ASSERT_EQ(character.bytes, text.size());
    ASSERT_EQ(character_count(text), 1);
    if (text.size() == 1) continue;
    const auto cut = std::string_view(text).substr(0, text.size() - 1);
    ASSERT_FALSE(first_character(cut).valid) << std::uint32_t{code};
    ASSERT_EQ(starts_with_c1_control(text), code >= 0x80 && code < 0xa0) << std::uint32_t{code};
  }
}

TEST(Utf8, OnlyTheShortestFormIsValid) {
  for (unsigned first = 0; first < 256; ++first) {
    for (unsigned second = 0; second < 256; ++second) {
      const std::string text{static_cast<char>(first), static_cast<char>(second)};
      const auto character = first_character(text);
      if (character.valid) {
        ASSERT_EQ(encoded(character.code), text.substr(0, character.bytes));
      } else {
        ASSERT_EQ(character.bytes, 1);
        ASSERT_EQ(character.code, char32_t{0xfffd});
      }
    }
  }
  for (const char* text : {"\xc0\x80", "\xe0\x80\x80", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x80\x80\x80",
                           "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\x80", "\xff"}) {
    EXPECT_FALSE(first_character(text).valid);
    EXPECT_FALSE(is_utf8(text));
  }
}

TEST(Utf8, OfAWholeText) {
  EXPECT_TRUE(is_utf8(""));
  EXPECT_TRUE(is_utf8("a€🔑"));
  EXPECT_FALSE(is_utf8("a€\xf0\x9f\x94"));
  EXPECT_EQ(character_count("a€🔑é"), 4);
  EXPECT_EQ(character_count(""), 0);
  EXPECT_EQ(character_count("\x80\x80"), 0);
}

TEST(Utf8, IsCutBetweenCharacters) {
  const std::string_view text = "a€🔑";
  EXPECT_EQ(cut_between_characters(text, 0), "");
  EXPECT_EQ(cut_between_characters(text, 1), "a");
  EXPECT_EQ(cut_between_characters(text, 3), "a");
  EXPECT_EQ(cut_between_characters(text, 4), "a€");
  EXPECT_EQ(cut_between_characters(text, 7), "a€");
  EXPECT_EQ(cut_between_characters(text, 8), text);
  EXPECT_EQ(cut_between_characters(text, 100), text);
}

}  // namespace
}  // namespace rekeyer
