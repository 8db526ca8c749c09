#include "aws/services/display_name.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/encoded_words.hpp"
#include "base/mail_address.hpp"
#include "base/text.hpp"

namespace rekeyer::aws {
namespace {

bool ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

}  // namespace

std::string encoded_address(std::string_view address) {
  const auto open = address.rfind('<');
  if (open == std::string_view::npos || ascii(address.substr(0, open))) return std::string(address);
  const auto name = unquoted_name(trimmed(address.substr(0, open), " "));
  return fmt::format("{} {}", fmt::join(encoded_words(name), " "), address.substr(open));
}

}  // namespace rekeyer::aws
