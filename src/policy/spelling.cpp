// Names without case.
#include "policy/spelling.hpp"

#include <algorithm>

#include "base/spelling.hpp"
#include "base/text.hpp"

namespace rekeyer::policy {

const std::string* find_tag(const Subject& subject, std::string_view key) {
  const auto found =
      std::ranges::find_if(subject.tags, [&](const auto& tag) { return equal_ignoring_case(tag.first, key); });
  return found != subject.tags.end() ? &found->second : nullptr;
}

std::string suggestion(std::string_view text, const std::vector<std::string_view>& known) {
  return std::string(closest_name(text, known));
}

}  // namespace rekeyer::policy
