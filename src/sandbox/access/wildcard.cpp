#include "sandbox/access/wildcard.hpp"

#include <cstddef>

#include "base/text.hpp"

namespace rekeyer::sandbox {
namespace {

bool same(char a, char b, Case how) { return a == b || (how == Case::ignored && lower(a) == lower(b)); }

/// Takes one plain character of the pattern; false where it does not fit.
bool step(std::string_view pattern, std::size_t& at, char c, Case how) {
  if (pattern[at] == literal_mark && at + 1 < pattern.size()) {
    if (!same(pattern[at + 1], c, how)) return false;
    at += 2;
    return true;
  }
  if (pattern[at] != '?' && !same(pattern[at], c, how)) return false;
  ++at;
  return true;
}

std::string_view next_part(std::string_view& text) {
  const auto colon = text.find(':');
  const auto part = text.substr(0, colon);
  text = colon == std::string_view::npos ? std::string_view{} : text.substr(colon + 1);
  return part;
}

}  // namespace

bool matches(std::string_view pattern, std::string_view text, Case how) {
  constexpr auto none = std::string_view::npos;
  std::size_t at = 0;
  std::size_t star = none;   // after the latest *
  std::size_t taken = none;  // up to where that * reaches
  for (std::size_t i = 0; i < text.size();) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = ++at;
      taken = i;
    } else if (at < pattern.size() && step(pattern, at, text[i], how)) {
      ++i;
    } else if (star != none) {
      at = star;
      i = ++taken;
    } else {
      return false;
    }
  }
  while (at < pattern.size() && pattern[at] == '*') ++at;
  return at == pattern.size();
}

bool matches_arn(std::string_view pattern, std::string_view arn) {
  constexpr int parts_before_the_resource = 5;
  for (int i = 0; i < parts_before_the_resource; ++i) {
    if (pattern == "*") return true;
    const auto wanted = next_part(pattern);
    const auto part = next_part(arn);
    if (!matches(wanted, part)) return false;
  }
  return matches(pattern, arn);
}

}  // namespace rekeyer::sandbox
