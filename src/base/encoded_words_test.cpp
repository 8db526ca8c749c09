#include "base/encoded_words.hpp"

#include <gtest/gtest.h>

#include "base/base64.hpp"

namespace rekeyer {
namespace {

/// What a reader makes of the words: their bytes one after another.
std::string decoded(const std::vector<std::string>& words) {
  constexpr std::string_view begin = "=?UTF-8?B?";
  std::string text;
  for (const std::string_view word : words) {
    EXPECT_TRUE(word.starts_with(begin) && word.ends_with("?=")) << word;
    EXPECT_LE(word.size(), 64);
    const auto bytes = base64_decode(word.substr(begin.size(), word.size() - begin.size() - 2));
    EXPECT_TRUE(bytes) << word;
    if (bytes) text += *bytes;
  }
  return text;
}

TEST(EncodedWords, AShortTextIsOneWord) {
  EXPECT_EQ(encoded_words("Jörg"), std::vector<std::string>{"=?UTF-8?B?SsO2cmc=?="});
  EXPECT_TRUE(encoded_words("").empty());
}

TEST(EncodedWords, ALongTextIsCutBetweenLettersAndComesBackWhole) {
  for (const std::string_view letter : {"a", "ü", "€", "🔑"}) {
    for (std::size_t before = 0; before < 4; ++before) {
      std::string text(before, 'x');
      for (int i = 0; i < 60; ++i) text += letter;
      const auto words = encoded_words(text);
      EXPECT_EQ(decoded(words), text);
      std::size_t at = before;
      for (const auto& word : words) {
        at += decoded({word}).size();
        EXPECT_EQ((at - 2 * before) % letter.size(), 0) << "a letter was cut";
      }
    }
  }
}

TEST(EncodedWords, BytesThatAreNoUtf8AreCutAnywhere) {
  const std::string text(100, '\x80');
  EXPECT_EQ(decoded(encoded_words(text)), text);
}

}  // namespace
}  // namespace rekeyer
