// ASCII helpers, over every byte where that is few enough.
#include "base/text.hpp"

#include <gtest/gtest.h>

#include <cctype>

#include "base/secret.hpp"

namespace rekeyer {
namespace {

using namespace std::string_view_literals;

TEST(Characters, AreThoseOfAsciiWhateverTheLocale) {
  for (int code = 0; code < 256; ++code) {
    const char c = static_cast<char>(code);
    const bool ascii = code < 0x80;
    EXPECT_EQ(is_digit(c), ascii && std::isdigit(code) != 0) << code;
    EXPECT_EQ(is_letter(c), ascii && std::isalpha(code) != 0) << code;
    EXPECT_EQ(is_alnum(c), ascii && std::isalnum(code) != 0) << code;
    EXPECT_EQ(is_lower(c), ascii && std::islower(code) != 0) << code;
    EXPECT_EQ(is_upper(c), ascii && std::isupper(code) != 0) << code;
    EXPECT_EQ(is_control(c), ascii && std::iscntrl(code) != 0) << code;
    EXPECT_EQ(is_printable(c), ascii && std::isprint(code) != 0) << code;
    EXPECT_EQ(lower(c), ascii ? static_cast<char>(std::tolower(code)) : c) << code;
    EXPECT_EQ(upper(c), ascii ? static_cast<char>(std::toupper(code)) : c) << code;
  }
}

TEST(Case, IsOfAsciiLettersOnly) {
  EXPECT_EQ(lower_case("AZaz09[`{@\xc3\x84"), "azaz09[`{@\xc3\x84");
  EXPECT_EQ(upper_case("AZaz09[`{@\xc3\xa4"), "AZAZ09[`{@\xc3\xa4");
  EXPECT_EQ(lower_case(""), "");
}

TEST(Case, IsIgnoredWhereAsked) {
  EXPECT_TRUE(equal_ignoring_case("Content-Type", "cONTENT-tYPE"));
  EXPECT_TRUE(equal_ignoring_case("", ""));
  EXPECT_FALSE(equal_ignoring_case("abc", "ab"));
  EXPECT_FALSE(equal_ignoring_case("ab", "abc"));
  EXPECT_FALSE(equal_ignoring_case("@", "`")) << "they differ by the bit by which letters do";
  EXPECT_FALSE(equal_ignoring_case("[", "{"));
}

TEST(Trimmed, TakesBlanksOffBothEnds) {
  EXPECT_EQ(trimmed(" \t\r\n a b \n"), "a b");
  EXPECT_EQ(trimmed("a"), "a");
  EXPECT_EQ(trimmed(""), "");
  EXPECT_EQ(trimmed(" \n "), "");
  EXPECT_EQ(trimmed("\n a \n", " "), "\n a \n");
  EXPECT_EQ(trimmed("--a--", "-"), "a");
}

TEST(Trimmed, TakesThemOffTheEndOnly) {
  EXPECT_EQ(trimmed_end("  a b \t\r\n"), "  a b");
  EXPECT_EQ(trimmed_end(" \t"), "");
  EXPECT_EQ(trimmed_end(""), "");
  EXPECT_EQ(trimmed_end("a\n ", " "), "a\n");
}

TEST(Split, KeepsEmptyPieces) {
  using Pieces = std::vector<std::string_view>;
  EXPECT_EQ(split("a,b", ','), (Pieces{"a", "b"}));
  EXPECT_EQ(split("", ','), Pieces{""});
  EXPECT_EQ(split(",", ','), (Pieces{"", ""}));
  EXPECT_EQ(split("a,,b,", ','), (Pieces{"a", "", "b", ""}));
}

TEST(HexValue, OfBothCases) {
  EXPECT_EQ(hex_value('0'), 0);
  EXPECT_EQ(hex_value('9'), 9);
  EXPECT_EQ(hex_value('a'), 10);
  EXPECT_EQ(hex_value('F'), 15);
  for (const char c : "gG@/:`\0"sv) EXPECT_EQ(hex_value(c), -1) << c;
}

TEST(PercentEncoding, KeepsWhatRfc3986LeavesUnreserved) {
  EXPECT_EQ(percent_encode("AZaz09-_.~"), "AZaz09-_.~");
  EXPECT_EQ(percent_encode("a b+c*d/e:f=g&h%"), "a%20b%2Bc%2Ad%2Fe%3Af%3Dg%26h%25");
  EXPECT_EQ(percent_encode("/a b/", Unreserved::rfc3986_or_slash), "/a%20b/");
  EXPECT_EQ(percent_encode("\xc3\xa9\0"sv), "%C3%A9%00");
}

TEST(PercentEncoding, EveryByteIsKeptOrBecomesItsTwoDigits) {
  constexpr std::string_view kept = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";
  for (int code = 0; code < 256; ++code) {
    const char c = static_cast<char>(code);
    const auto encoded = percent_encode({&c, 1});
    if (kept.contains(c)) {
      EXPECT_EQ(encoded, std::string(1, c));
    } else {
      ASSERT_EQ(encoded.size(), 3) << code;
      EXPECT_EQ(encoded[0], '%');
      EXPECT_EQ(hex_value(encoded[1]) * 16 + hex_value(encoded[2]), code);
      EXPECT_EQ(upper_case(encoded), encoded);
    }
  }
}

TEST(PercentEncoding, GoesStraightIntoAnyString) {
  WipedString text("x=");
  append_percent_encoded(text, "a/b");
  append_percent_encoded(text, "/c", Unreserved::rfc3986_or_slash);
  EXPECT_EQ(text, "x=a%2Fb/c");
}

}  // namespace
}  // namespace rekeyer
