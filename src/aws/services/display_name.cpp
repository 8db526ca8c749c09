#include "aws/services/display_name.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "aws/http/base64.hpp"

namespace rekeyer::aws {
namespace {

/// An encoded word has at most 75 characters: 12 are its frame, and 45 bytes become 60 letters.
constexpr std::size_t bytes_a_word = 45;

bool ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool continues_a_letter(char c) { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80; }

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

/// Without the quotation marks that a name may wear, and the backslashes inside them.
std::string unquoted(std::string_view name) {
  if (name.size() < 2 || name.front() != '"' || name.back() != '"') return std::string(name);
  name = name.substr(1, name.size() - 2);
  std::string result;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] == '\\' && i + 1 < name.size()) ++i;
    result += name[i];
  }
  return result;
}

}  // namespace

std::string encoded_words(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    std::size_t size = std::min(text.size(), bytes_a_word);
    while (size < text.size() && size > bytes_a_word - 4 && continues_a_letter(text[size])) --size;
    if (!result.empty()) result += ' ';
    result += fmt::format("=?UTF-8?B?{}?=", base64_encode(text.substr(0, size)));
    text.remove_prefix(size);
  }
  return result;
}

std::string encoded_address(std::string_view address) {
  const auto open = address.rfind('<');
  if (open == std::string_view::npos || ascii(address.substr(0, open))) return std::string(address);
  return fmt::format("{} {}", encoded_words(unquoted(trimmed(address.substr(0, open)))), address.substr(open));
}

}  // namespace rekeyer::aws
