// What strangers wrote, as it reaches people: nothing in it is obeyed, hidden or without an end.
#include "base/shown_text.hpp"

#include <gtest/gtest.h>

#include <array>

#include "base/utf8.hpp"

namespace rekeyer {
namespace {

/// A terminal's title, a cleared screen, a line of somebody else's, a turned direction.
constexpr std::string_view evil = "\x1b]0;owned\x07\x1b[2J\r\nrekeyer: nothing is due\xe2\x80\xae\xc2\x9b";

TEST(ShownText, MarksWhatATerminalWouldObey) {
  EXPECT_EQ(shown_text(evil), "?]0;owned??[2J??rekeyer: nothing is due??");
  EXPECT_EQ(shown_text(std::string_view("\0a\x7f", 3)), "?a?");
}

TEST(ShownText, KeepsWhatIsHarmless) {
  for (const std::string_view text : {"", " two  spaces ", "naïve 你好 🔑", "❤️", "Ελλάδα ישראל مصر", "~"}) {
    EXPECT_EQ(shown_text(text), text);
    EXPECT_EQ(shown_text(text, Unshown::escaped), text);
  }
}

TEST(ShownText, EveryMarkThatTurnsOrHidesTextIsOne) {
  constexpr std::array<std::string_view, 22> marks{
      "\u00ad", "\u034f", "\u061c", "\u115f", "\u180e", "\u200b", "\u200c", "\u200d", "\u200e", "\u200f", "\u2028",
      "\u2029", "\u202a", "\u202e", "\u2060", "\u2066", "\u2069", "\u206f", "\u3164", "\ufeff", "\ufff9", "\U000e0041"};
  for (const auto mark : marks) {
    const auto text = std::string("a").append(mark) + "b";
    EXPECT_FALSE(may_be_shown(first_character(mark).code)) << text;
    EXPECT_EQ(shown_text(text), "a?b");
    EXPECT_EQ(shown_text(text, Unshown::escaped).find(mark), std::string::npos);
    EXPECT_EQ(shown_text(text, Unshown::dropped).find(mark), std::string::npos);
  }
}

TEST(ShownText, IsValidUtf8WhateverCame) {
  for (const std::string_view text : {"\xc2", "a\xff\xc0\xaf", "\xed\xa0\x80", "\xe2\x80", "\xf4\x90\x80\x80"}) {
    for (const auto unshown : {Unshown::marked, Unshown::dropped, Unshown::escaped}) {
      EXPECT_TRUE(is_utf8(shown_text(text, unshown)));
    }
    EXPECT_EQ(shown_text(text).find_first_not_of("a?"), std::string::npos);
  }
}

TEST(ShownText, InALogItIsSeenWhatItWas) {
  EXPECT_EQ(shown_text("\x1b[2J\n\xc2\x9b\xe2\x80\xae\xff", Unshown::escaped), R"(\x1b[2J\x0a\x9b\u202e\xff)");
}

TEST(ShownText, InAMailNothingRemains) {
  EXPECT_EQ(shown_text("  ann\r\nBcc: eve\x1b[31m\t\u202ex  ", Unshown::dropped), "ann Bcc: eve [31m x");
  EXPECT_EQ(shown_text("\n\t ", Unshown::dropped), "");
}

TEST(ShownText, HasAnEnd) {
  EXPECT_EQ(shown_text(std::string(100000, 'x')).size(), longest_shown);
  EXPECT_LE(shown_text(std::string(100000, '\x1b'), Unshown::escaped).size(), longest_shown);
  EXPECT_EQ(shown_text("1234567890", Unshown::marked, 10), "1234567890");
  EXPECT_EQ(shown_text("12345678901", Unshown::marked, 10), "1234567…");
  EXPECT_EQ(shown_text("123456\u00e9\u00e9\u00e9", Unshown::marked, 10), "123456…") << "never half a character";
}

TEST(ShownText, LinesOfOursStayLines) {
  EXPECT_EQ(shown_lines("2 problems\n  a\x1b\n\n  b\r\n"), "2 problems\n  a?\n\n  b?\n");
  EXPECT_EQ(shown_lines(""), "");
}

}  // namespace
}  // namespace rekeyer
