#include "base/encoded_words.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/base64.hpp"
#include "base/utf8.hpp"

namespace rekeyer {

std::vector<std::string> encoded_words(std::string_view text) {
  constexpr std::size_t bytes_a_word = 39;  // 52 letters of base64, and 12 for the frame
  std::vector<std::string> words;
  while (!text.empty()) {
    auto length = std::min(text.size(), bytes_a_word);
    // Bytes that are no UTF-8 may continue without end; they are cut anywhere.
    while (length < text.size() && length > bytes_a_word - 4 && continues_character(text[length])) --length;
    words.push_back(fmt::format("=?UTF-8?B?{}?=", base64_encode(text.substr(0, length))));
    text.remove_prefix(length);
  }
  return words;
}

}  // namespace rekeyer
