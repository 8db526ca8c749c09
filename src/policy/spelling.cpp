// Names without case.
#include "policy/spelling.hpp"

#include <algorithm>

#include "base/spelling.hpp"

namespace rekeyer::policy {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

std::string lower_case(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), lower);
  return result;
}

bool same_but_for_case(std::string_view a, std::string_view b) { return std::ranges::equal(a, b, {}, lower, lower); }

const std::string* find_tag(const Subject& subject, std::string_view key) {
  const auto found =
      std::ranges::find_if(subject.tags, [&](const auto& tag) { return same_but_for_case(tag.first, key); });
  return found != subject.tags.end() ? &found->second : nullptr;
}

std::string suggestion(std::string_view text, const std::vector<std::string_view>& known) {
  return std::string(closest_name(text, known));
}

}  // namespace rekeyer::policy
