#include "base/base64.hpp"

#include <gtest/gtest.h>

#include <optional>

namespace rekeyer {
namespace {

TEST(Base64, KnownPairs) {
  const std::pair<std::string_view, std::string_view> table[] = {
      {"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"\xff\xfe\xfb", "//77"}};
  for (const auto& [bytes, text] : table) {
    EXPECT_EQ(base64_encode(bytes), text);
    EXPECT_EQ(base64_decode(text), bytes);
  }
}

TEST(Base64, EveryByteAtEveryOffsetComesBack) {
  std::string bytes;
  for (int i = 0; i < 1024; ++i) {
    EXPECT_EQ(base64_decode(base64_encode(bytes)), bytes);
    bytes += static_cast<char>(i * 7);
  }
}

TEST(Base64, FoldedTextIsRead) {
  EXPECT_EQ(base64_decode("Zm9v\r\n Yg=\t=\n"), "foob");
  EXPECT_EQ(base64_decode("Z m9vZm\n9vZm9vYg=="), "foofoofoob");
}

/// Whatever the pieces; nothing where it is refused.
std::optional<std::string> decoded_in_pieces(std::string_view text, std::size_t length) {
  Base64Decoder decoder(text);
  std::string bytes = "before ";
  for (;;) {
    const auto more = decoder.next(bytes, length);
    if (!more) return std::nullopt;
    if (!*more) return bytes;
  }
}

TEST(Base64, PiecesOfAnyLengthGiveTheSame) {
  const std::string text = "Zm9v\r\nYmFyZm9vYmFyZm9vYmFyZm9v Yg=\t=\n";
  for (std::size_t length = 1; length < text.size() + 2; ++length) {
    EXPECT_EQ(decoded_in_pieces(text, length), "before foobarfoobarfoobarfoob") << length;
    EXPECT_EQ(decoded_in_pieces("Zm9vYmFyZ", length), std::nullopt) << length;
    EXPECT_EQ(decoded_in_pieces("Zm9vYg==YmFy", length), std::nullopt) << length;
    EXPECT_EQ(decoded_in_pieces("Zm9vYm-y", length), std::nullopt) << length;
  }
}

TEST(Base64, RefusesWrongLettersAndPadding) {
  for (const std::string_view text :
       {"Z", "Zg", "Zg=", "Zg===", "Zg==Zg==", "=Zg=", "Z===", "Zm9-", "Zm9v=", "Zm\x80v"}) {
    const auto decoded = base64_decode(text);
    ASSERT_FALSE(decoded) << text;
    EXPECT_EQ(decoded.error().kind, ErrorKind::bad_reply);
  }
}

}  // namespace
}  // namespace rekeyer
