// The rules that hold for one user, each with where it came from, and how they are chosen among all that are
// configured. Pure.
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
/// The closest of `known` to `text`, for "did you mean"; empty where nothing is close.
std::string suggestion(std::string_view text, const std::vector<std::string_view>& known);

/// Lays `changes` over `rules`.
void apply(const RuleChanges& changes, Rules& rules);
/// Contradictions that no single setting shows (an idle_period shorter than the in_use_window, …), as one sentence;
/// nothing where all is well. For configuration; decide() stays safe with contradictory rules too.
std::optional<std::string> contradiction(const Rules& rules);

/// Shell-like pattern: `*` any run, `?` one character (of UTF-8); anything else itself. Never more than length × length
/// steps.
bool matches(std::string_view pattern, std::string_view text);

/// All given parts must match. IAM compares user names without case, and so does `user`.
struct Match {
  std::optional<std::string> user{};                         ///< pattern
  std::optional<std::string> path{};                         ///< prefix, or pattern where it has `*`
  std::optional<std::pair<std::string, std::string>> tag{};  ///< key and value pattern
  std::optional<AccountId> account{};
  std::optional<OuId> ou{};  ///< the account stands in it, at any depth
};

/// Who the user is, for matching.
struct Subject {
  AccountId account;
  std::vector<OuId> ous;  ///< of the account, innermost first
  UserName user;
  UserId id{};  ///< empty: not known
  std::string path = "/";
  std::map<std::string, std::string> tags;
  std::vector<GroupName> groups;
  /// Why `groups` may lack some that an owner is named by; exemption has a closed gate of its own.
  std::optional<std::string> groups_unreadable{};
};

/// True for a match without any part: configuration refuses those.
bool matches(const Match& match, const Subject& subject);
/// As configuration writes it: `user = "ci-*", path = "/ci/"`.
std::string describe(const Match& match);

struct Override {
  Match match;
  RuleChanges changes;
  std::string source;  ///< "rekeyer.toml:30"
};

struct ExemptUser {
  Match match;
  Exemption exemption;
};

/// When an exemption "until" that text ends: a date holds through its whole day, so the start of the next one (UTC); an
/// ISO 8601 instant is itself. Nothing for anything else. Configuration fills Exemption::until through this too.
std::optional<Instant> exemption_end(std::string_view text);

/// Everything that configuration says about policy.
struct PolicyConfig {
  RuleChanges organisation;         ///< [policy]
  std::vector<Override> overrides;  ///< in file order
  std::string policy_tag = "rekeyer:policy";
  std::string exempt_group = "IAMKeyRotationExemptionGroup";  ///< empty: none
  std::string exempt_tag = "rekeyer:exempt";                  ///< empty: none
  std::vector<ExemptUser> exempt_users;
};

/// The rules in force for `subject`, by precedence: user tag > override by user, path or tag > by account > by OU (the
/// innermost first) > organisation > default; inside a level the first match wins. A policy tag that can't be read
/// fails with `usage`, and the user is held.
Result<Rules> effective_rules(const PolicyConfig& config, const Subject& subject);

/// The exemption that holds for `subject` at `now`, if any: group, tag ("reason" or "reason until=2027-01-31"), then
/// the list. One that has ended is none. A tag whose date can't be read exempts, and says so in the reason.
/// "until=2027-01-31" holds through that day (UTC): see exemption_end().
std::optional<Exemption> exemption_for(const PolicyConfig& config, const Subject& subject, Instant now);

}  // namespace rekeyer::policy
