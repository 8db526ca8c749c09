#include "config/older_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "config/older_variables.hpp"

namespace rekeyer::config {

std::unexpected<Error> wrong_variable(std::string_view name, std::string_view why) {
  return fail(ErrorKind::usage, fmt::format("environment variable {}: {}", name, why));
}

Result<OlderValues> OlderValues::read(const std::map<std::string, std::string>& variables) {
  OlderValues values;
  for (const auto& older : older_variables()) {
    const auto found = variables.find(std::string(older.name));
    if (found == variables.end()) continue;
    Given given{std::string(trimmed(found->second)), older.name};
    values.all_.push_back(given);
    const auto main_name = older.same_as.empty() ? older.name : older.same_as;
    const auto [before, inserted] = values.by_name_.try_emplace(main_name, given);
    if (!inserted && before->second.text != given.text) {
      return wrong_variable(older.name,
                            fmt::format("{} means the same and says something else; remove one", before->second.name));
    }
  }
  return values;
}

const Given* OlderValues::find(std::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : &found->second;
}

const Given* OlderValues::filled(std::string_view name) const {
  const auto* given = find(name);
  return given == nullptr || given->text.empty() ? nullptr : given;
}

Result<std::optional<bool>> OlderValues::flag(std::string_view name) const {
  const auto* given = find(name);
  if (given == nullptr) return std::nullopt;
  const auto word = lower_case(given->text);
  if (word == "true") return true;
  if (word == "false") return false;
  return wrong_variable(given->name, fmt::format("{} is neither True nor False", shown(given->text)));
}

Result<std::optional<int>> OlderValues::days(std::string_view name) const {
  const auto* given = find(name);
  if (given == nullptr) return std::nullopt;
  const auto& text = given->text;
  constexpr std::size_t most_digits = 5;
  int days = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), days);
  const bool digits = std::ranges::all_of(text, is_digit);
  if (error != std::errc{} || end != text.data() + text.size() || !digits || text.size() > most_digits) {
    return wrong_variable(given->name, fmt::format("{} is not a whole number of days, such as 90", shown(text)));
  }
  return days;
}

}  // namespace rekeyer::config
