// The rules that hold for one user, each with where it came from. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/names.hpp"
#include "base/time.hpp"
#include "policy/facts.hpp"

namespace rekeyer::policy {

enum class InUse { hold, warn, ignore };
enum class Unused { retire, rotate, ignore };
enum class TwoActive { hold, evict_idle, evict_least_recently_used };

/// A value and who set it: "default", "rekeyer.toml:12", "user tag rekeyer:policy".
template <class T>
struct Sourced {
  T value{};
  std::string source = "default";

  friend bool operator==(const Sourced&, const Sourced&) = default;
};

/// All rules of one user, with their defaults. What they are called, mean and take stands in rule_table.cpp.
struct Rules {
  Sourced<Period> rotation_period{std::chrono::days{90}};
  Sourced<Period> installation_grace{std::chrono::days{10}};
  Sourced<Period> recovery_grace{std::chrono::days{10}};
  Sourced<Period> warn_period{std::chrono::days{7}};
  Sourced<InUse> in_use{InUse::hold};
  Sourced<Period> in_use_window{std::chrono::days{3}};
  Sourced<std::optional<Period>> hard_deadline{std::chrono::days{30}};  ///< nothing: never
  Sourced<Unused> unused{Unused::retire};
  Sourced<TwoActive> two_active{TwoActive::hold};
  Sourced<Period> idle_period{std::chrono::days{30}};
  Sourced<Period> orphan_grace{std::chrono::days{1}};
  Sourced<bool> require_notice{false};                  ///< no deactivation or deletion that the owner was not told of
  Sourced<Period> notice_period{std::chrono::days{1}};  ///< for how long the owner must have known by then

  friend bool operator==(const Rules&, const Rules&) = default;
};

/// The same, each optional: what one place of the configuration, or a user's tag, sets.
struct RuleChanges {
  std::optional<Sourced<Period>> rotation_period;
  std::optional<Sourced<Period>> installation_grace;
  std::optional<Sourced<Period>> recovery_grace;
  std::optional<Sourced<Period>> warn_period;
  std::optional<Sourced<InUse>> in_use;
  std::optional<Sourced<Period>> in_use_window;
  std::optional<Sourced<std::optional<Period>>> hard_deadline;
  std::optional<Sourced<Unused>> unused;
  std::optional<Sourced<TwoActive>> two_active;
  std::optional<Sourced<Period>> idle_period;
  std::optional<Sourced<Period>> orphan_grace;
  std::optional<Sourced<bool>> require_notice;
  std::optional<Sourced<Period>> notice_period;

  /// Sets the rule called `key` ("rotation_period", …) from its text ("30d", "hold", "never"). Configuration,
  /// environment and user tags all come through here. Fails with `usage`: unknown key (with a suggestion), wrong text,
  /// out of range.
  Result<> set(std::string_view key, std::string_view text, std::string source);
};
/// Lays `changes` over `rules`.
void apply(const RuleChanges& changes, Rules& rules);
/// Contradictions that no single setting shows (an idle_period shorter than the in_use_window, …), as one sentence;
/// nothing where all is well. For configuration; decide() stays safe with contradictory rules too.
std::optional<std::string> contradiction(const Rules& rules);

}  // namespace rekeyer::policy
