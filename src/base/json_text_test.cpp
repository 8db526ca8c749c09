// JSON strings: what is escaped, and that any bytes at all give a valid document that reads back as what was meant.
#include "base/json_text.hpp"

#include <gtest/gtest.h>

#include "fakes/seed.hpp"

namespace rekeyer {
namespace {

/// Appends a code point, by arithmetic of its own.
void append_utf8(std::string& text, std::uint32_t code) {
  const auto put = [&](std::uint32_t byte) { text += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xc0 | (code >> 6));
    put(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    put(0xe0 | (code >> 12));
    put(0x80 | ((code >> 6) & 0x3f));
    put(0x80 | (code & 0x3f));
  } else {
    put(0xf0 | (code >> 18));
    put(0x80 | ((code >> 12) & 0x3f));
    put(0x80 | ((code >> 6) & 0x3f));
    put(0x80 | (code & 0x3f));
  }
}

/// Valid is what the encoder above gives for some scalar value: so no overlong form, no surrogate, nothing past
/// U+10FFFF.
bool valid_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (i + length > text.size()) return false;
    std::uint32_t code = length == 1 ? lead : lead & (0x7fU >> length);
    for (std::size_t k = 1; k < length; ++k) code = code << 6 | (static_cast<unsigned char>(text[i + k]) & 0x3fU);
    std::string again;
    append_utf8(again, code);
    if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000) || again != text.substr(i, length)) return false;
    i += length;
  }
  return true;
}

/// The text that a JSON string means; nothing where it is not one.
std::optional<std::string> meaning(std::string_view json) {
  if (json.size() < 2 || json.front() != '"' || json.back() != '"' || !valid_utf8(json)) return std::nullopt;
  json = json.substr(1, json.size() - 2);
  std::string text;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '"') return std::nullopt;
    if (c != '\\') {
      text += c;
      continue;
    }
    if (++i == json.size()) return std::nullopt;
    switch (json[i]) {
      case '"':
      case '\\': text += json[i]; break;
      case 'n': text += '\n'; break;
      case 'r': text += '\r'; break;
      case 't': text += '\t'; break;
      case 'u':
        append_utf8(text, static_cast<std::uint32_t>(std::stoul(std::string(json.substr(i + 1, 4)), nullptr, 16)));
        i += 4;
        break;
      default: return std::nullopt;
    }
  }
  return text;
}

TEST(JsonText, QuotesAndEscapes) {
  EXPECT_EQ(json_quoted(""), R"("")");
  EXPECT_EQ(json_quoted("plain / text"), R"("plain / text")");
  EXPECT_EQ(json_quoted(R"(say "hi" \o/)"), R"("say \"hi\" \\o/")");
  EXPECT_EQ(json_quoted("a\nb\rc\td"), R"("a\nb\rc\td")");
}

TEST(JsonText, ShowsControlCharacters) {
  EXPECT_EQ(json_quoted(std::string_view("\0\x01\x1b\x1f\x7f", 5)), R"("\u0000\u0001\u001b\u001f\u007f")");
  EXPECT_EQ(json_quoted("\xc2\x80\xc2\x9b\xc2\x9f"), R"("\u0080\u009b\u009f")");
}

TEST(JsonText, LeavesUtf8AsItIs) {
  for (const std::string_view text :
       {"\xc2\xa0", "\xc3\xa9", "\xdf\xbf", "\xe0\xa0\x80", "\xe2\x82\xac", "\xed\x9f\xbf", "\xee\x80\x80",
        "\xf0\x90\x80\x80", "\xf0\x9f\x94\x91", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_EQ(json_quoted(text), fmt::format("\"{}\"", text));
  }
}

TEST(JsonText, ReplacesEachByteThatIsNotUtf8) {
  const std::vector<std::pair<std::string_view, int>> broken{
      {"\x80", 1},              // a continuation alone
      {"\xff", 1},              // never a byte of UTF-8
      {"\xc3", 1},              // cut short
      {"\xe2\x82", 2},          // cut short
      {"\xf0\x9f\x94", 3},      // cut short
      {"\xc0\xaf", 2},          // overlong '/'
      {"\xe0\x9f\xbf", 3},      // overlong
      {"\xf0\x8f\xbf\xbf", 4},  // overlong
      {"\xed\xa0\x80", 3},      // a lone surrogate, high
      {"\xed\xbf\xbf", 3},      // and low
      {"\xf4\x90\x80\x80", 4},  // past U+10FFFF
      {"\xf5\x80\x80\x80", 4},
  };
  for (const auto& [text, count] : broken) {
    std::string expected = "\"a";
    for (int i = 0; i < count; ++i) expected += "\\ufffd";
    EXPECT_EQ(json_quoted("a" + std::string(text) + "z"), expected + "z\"");
  }
}

TEST(JsonText, AnyBytesGiveAValidStringThatMeansThem) {
  const auto seed = fakes::seed();
  Random random(seed);
  // Mostly bytes that matter, so that whole, broken and cut sequences all come up.
  constexpr std::string_view likely = "a\"\\\n\x1b\x7f\x80\x9b\xa0\xbf\xc2\xc3\xe0\xe2\xed\xf0\xf4";
  int valid = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (auto length = random.below(8); length > 0; --length) {
      text += random.chance(0.8) ? likely[random.below(likely.size())] : static_cast<char>(random.below(256));
    }
    const auto read = meaning(json_quoted(text));
    ASSERT_TRUE(read) << fmt::format("seed {:x}, round {}: {}", seed, i, json_quoted(text));
    if (!valid_utf8(text)) continue;
    ++valid;
    ASSERT_EQ(*read, text) << fmt::format("seed {:x}, round {}", seed, i);
  }
  EXPECT_GT(valid, 100) << "hardly any text was valid, so hardly anything was compared";
}

}  // namespace
}  // namespace rekeyer
