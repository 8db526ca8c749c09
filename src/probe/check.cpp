#include "probe/check.hpp"

#include <algorithm>

namespace rekeyer::probe {
namespace {

/// "*" stands for any number of characters.
bool matches(std::string_view text, std::string_view pattern) {
  const auto star = pattern.find('*');
  if (star == std::string_view::npos) return text == pattern;
  if (!text.starts_with(pattern.substr(0, star))) return false;
  text.remove_prefix(star);
  pattern.remove_prefix(star + 1);
  for (std::size_t skipped = 0; skipped <= text.size(); ++skipped) {
    if (matches(text.substr(skipped), pattern)) return true;
  }
  return false;
}

}  // namespace

std::vector<Check> all_checks() {
  std::vector<Check> checks;
  for (const auto group : {denial_checks(),
                           secret_right_checks(),
                           user_checks(),
                           key_checks(),
                           right_checks(),
                           report_checks(),
                           session_checks(),
                           signature_checks(),
                           secret_value_checks(),
                           secret_tag_checks(),
                           secret_policy_checks(),
                           secret_list_checks(),
                           secret_deletion_checks(),
                           secret_replica_checks(),
                           organization_checks(),
                           kms_checks(),
                           ses_checks(),
                           sns_checks(),
                           rate_checks(),
                           deployment_checks()}) {
    checks.insert(checks.end(), group.begin(), group.end());
  }
  return checks;
}

bool fits(std::string_view name, std::string_view pattern) {
  const bool group = name.starts_with(pattern) && name.substr(pattern.size()).starts_with('.');
  return group || matches(name, pattern);
}

std::vector<Check> selected(const std::vector<Check>& checks, const std::vector<std::string>& patterns) {
  if (patterns.empty()) return checks;
  std::vector<Check> chosen;
  std::ranges::copy_if(checks, std::back_inserter(chosen), [&](const Check& check) {
    return std::ranges::any_of(patterns, [&](const auto& pattern) { return fits(check.name, pattern); });
  });
  return chosen;
}

}  // namespace rekeyer::probe
