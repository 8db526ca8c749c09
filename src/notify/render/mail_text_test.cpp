#include "notify/render/mail_text.hpp"

#include <gtest/gtest.h>

namespace rekeyer::notify {
namespace {

Instant at(std::string_view text) { return *parse_iso8601(text); }

TEST(PlainWords, OneLineHasNoControlsAndNoHiddenMarks) {
  EXPECT_EQ(one_line("  ann\r\nBcc: eve\x1b[31m\tx  "), "ann Bcc: eve [31m x");
  EXPECT_EQ(one_line("a\xE2\x80\xAE"
                     "b\xEF\xBB\xBF"
                     "c"),
            "abc");
  EXPECT_EQ(one_line("a\xff\xc0\xaf\xed\xa0\x80"
                     "b")
                .find('\xff'),
            std::string::npos);
  EXPECT_EQ(one_line("a\xE2\x80"), "a\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(one_line("naïve 你好 🔑"), "naïve 你好 🔑");
  EXPECT_EQ(one_line("\n\t "), "");
}

TEST(PlainWords, HtmlIsEscapedForElementsAndAttributes) {
  EXPECT_EQ(escape_html("<a href=\"x\">'&'</a>"), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;");
}

TEST(PlainWords, CutsBetweenCharacters) {
  EXPECT_EQ(shortened("short", 5), "short");
  EXPECT_EQ(shortened("äöüß!", 4), "äöü…");
  EXPECT_EQ(shortened("two words", 5), "two…");
}

TEST(PlainWords, AShellSeesOneWord) {
  EXPECT_EQ(shell_word("ci-deploy+a@b.c"), "ci-deploy+a@b.c");
  EXPECT_EQ(shell_word("a b"), "'a b'");
  EXPECT_EQ(shell_word("';rm -rf $HOME;'"), R"(''\'';rm -rf $HOME;'\''')");
  EXPECT_EQ(shell_word(""), "''");
}

TEST(PlainWords, LinesAreBrokenAtSpacesAndIndentedLikeTheirText) {
  EXPECT_EQ(wrapped("\n\n1. one two three four\n\n\n\n- five six seven\n", 10),
            "1. one two\n   three\n   four\n\n- five six\n  seven\n");
  EXPECT_EQ(wrapped("    a command that stays whole\n", 10), "    a command that stays whole\n");
  EXPECT_EQ(wrapped("  Account:  one two three\n", 16), "  Account:  one\n            two\n            three\n");
  EXPECT_EQ(wrapped("averylongwordthatfitsnowhere x\n", 10), "averylongwordthatfitsnowhere\nx\n");
}

TEST(PlainWords, DaysAreThoseOfTheCalendar) {
  EXPECT_EQ(long_date(at("2026-01-11T23:59:59Z")), "Sunday, 11 January 2026");
  EXPECT_EQ(date_and_time(at("2026-01-08T04:03:09Z")), "Thursday, 8 January 2026, 04:03 UTC");
  EXPECT_EQ(days_from(at("2026-01-01T23:59:00Z"), at("2026-01-02T00:01:00Z")), "tomorrow");
  EXPECT_EQ(days_from(at("2026-01-01T00:00:00Z"), at("2026-01-01T23:00:00Z")), "today");
  EXPECT_EQ(days_from(at("2026-01-01T00:00:00Z"), at("2026-01-04T00:00:00Z")), "in 3 days");
  EXPECT_EQ(days_from(at("2026-01-04T00:00:00Z"), at("2026-01-03T23:00:00Z")), "yesterday");
  EXPECT_EQ(days_from(at("2026-01-09T00:00:00Z"), at("2026-01-03T23:00:00Z")), "6 days ago");
  EXPECT_EQ(short_date(at("2026-01-11"), at("2025-12-30")), "11 January 2026");
  EXPECT_EQ(short_date(at("2026-01-11"), at("2026-12-30")), "11 January");
}

TEST(PlainWords, DaysAsANumber) {
  EXPECT_EQ(days_number(std::chrono::days{90}), "90");
  EXPECT_EQ(days_number(std::chrono::hours{36}), "1.5");
}

TEST(PlainWords, OnlyHarmlessLinksAreLinks) {
  EXPECT_TRUE(safe_link("https://wiki.example.com/keys?x=1&y=2"));
  EXPECT_FALSE(safe_link("javascript:alert(1)"));
  EXPECT_FALSE(safe_link("https://a/\" onclick=\"x"));
  EXPECT_FALSE(safe_link(""));
  EXPECT_TRUE(safe_in_mailto("keys@example.com"));
  EXPECT_FALSE(safe_in_mailto("keys@example.com?bcc=eve"));
}

}  // namespace
}  // namespace rekeyer::notify
