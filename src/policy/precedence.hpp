// Which of all configured rules and exemptions hold for a user. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"
#include "policy/facts.hpp"
#include "policy/match.hpp"
#include "policy/rules.hpp"

namespace rekeyer::policy {

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
