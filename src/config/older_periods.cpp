// The older systems' periods. Where the names of one period disagree, the longest counts: nobody loses a key earlier
// than any of them said.
#include <fmt/format.h>

#include <algorithm>

#include "base/try.hpp"
#include "config/older_parts.hpp"

namespace rekeyer::config {
namespace {

constexpr int usual_rotation_period = 90;
constexpr int usual_grace = 10;

/// One way in which a period was said.
struct Said {
  int days = 0;
  VariableNames names;
};

/// A day of the key's age, as what it leaves after `before` days of age.
struct AgeLeft {
  std::string_view variable;
  int before = 0;
  VariableNames names_before;
  std::string_view earlier_step;
};

/// Adds what is left to `said`. An age that is not beyond the earlier step says nothing: it is an error where nothing
/// else says the period, and else left out with a warning.
Result<> add_age(OlderReading& reading, const AgeLeft& age, std::vector<Said>& said) {
  TRY(const auto days, reading.values.days(age.variable));
  if (!days) return {};
  const auto name = reading.values.find(age.variable)->name;
  if (*days > age.before) {
    Said left{*days - age.before, {name}};
    left.names.insert(left.names.end(), age.names_before.begin(), age.names_before.end());
    said.push_back(std::move(left));
    return {};
  }
  const auto why = fmt::format("{} days of age are not beyond {}, at {} days", *days, age.earlier_step, age.before);
  if (said.empty()) return wrong_variable(name, why);
  reading.warn(fmt::format("{} is left out: {}", name, why));
  return {};
}

Result<> add_days(OlderReading& reading, std::string_view variable, std::vector<Said>& said) {
  TRY(const auto days, reading.values.days(variable));
  if (days) said.push_back({*days, {reading.values.find(variable)->name}});
  return {};
}

/// Writes the longest; warns where they differ. Gives its days, or `usual` where nothing was said.
int settle(OlderReading& reading, std::string_view key, const std::vector<Said>& said, int usual) {
  if (said.empty()) return usual;
  const auto longest = std::ranges::max_element(said, {}, &Said::days);
  VariableNames names = longest->names;
  std::string ways;
  for (const auto& one : said) {
    ways += fmt::format("{}{} {} days", ways.empty() ? "" : ", ", one.names.front(), one.days);
    if (one.days == longest->days && std::ranges::find(names, one.names.front()) == names.end()) {
      names.push_back(one.names.front());
    }
  }
  const bool differ = std::ranges::any_of(said, [&](const Said& one) { return one.days != longest->days; });
  if (differ) reading.warn(fmt::format("{} is said in several ways ({}); the longest counts", key, ways));
  reading.toml.set(key, fmt::format("\"{}d\"", longest->days), names);
  return longest->days;
}

Result<> read_warnings(OlderReading& reading) {
  TRY(const auto days, reading.values.days("PendingActionWarnPeriod"));
  if (days) {
    reading.toml.set("warn_period", fmt::format("\"{}d\"", *days),
                     {reading.values.find("PendingActionWarnPeriod")->name});
  }
  return {};
}

}  // namespace

Result<> read_older_periods(OlderReading& reading) {
  reading.toml.open("[policy]");
  VariableNames rotation_names;
  TRY(const auto rotation_said, reading.values.days("RotationPeriod"));
  const int rotation = rotation_said.value_or(usual_rotation_period);
  if (rotation_said) {
    rotation_names.push_back(reading.values.find("RotationPeriod")->name);
    reading.toml.set("rotation_period", fmt::format("\"{}d\"", rotation), rotation_names);
  }

  std::vector<Said> grace;
  TRY_VOID(add_days(reading, "InactiveBuffer", grace));
  TRY_VOID(add_days(reading, "InstallationGracePeriod", grace));
  TRY_VOID(add_age(reading, {"InactivePeriod", rotation, rotation_names, "the rotation"}, grace));
  const int installation = settle(reading, "installation_grace", grace, usual_grace);

  std::vector<Said> recovery;
  TRY_VOID(add_days(reading, "RecoveryGracePeriod", recovery));
  TRY_VOID(add_age(reading, {"RetentionPeriod", rotation + installation, {}, "the deactivation"}, recovery));
  settle(reading, "recovery_grace", recovery, usual_grace);
  return read_warnings(reading);
}

}  // namespace rekeyer::config
