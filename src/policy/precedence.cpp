// Which rules and which exemption hold for a user, among all that are configured.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "base/try.hpp"
#include "policy/rules.hpp"
#include "policy/spelling.hpp"
#include "policy/tag_words.hpp"

namespace rekeyer::policy {
namespace {

/// How closely an override looks at the user. A later level lies over an earlier one.
enum class Level { ou, account, user };

Level level_of(const Match& match) {
  if (match.user || match.path || match.tag) return Level::user;
  return match.account ? Level::account : Level::ou;
}

/// How far out the override's unit stands from the account; behind all of them where it names none.
std::ptrdiff_t outwards(const Override& candidate, const Subject& subject) {
  if (!candidate.match.ou) return std::ssize(subject.ous);
  return std::ranges::find(subject.ous, *candidate.match.ou) - subject.ous.begin();
}

/// The one override that holds on this level: the first in file order, and among units the innermost.
const Override* chosen(const PolicyConfig& config, const Subject& subject, Level level) {
  const Override* best = nullptr;
  for (const Override& candidate : config.overrides) {
    if (level_of(candidate.match) != level || !matches(candidate.match, subject)) continue;
    const bool further_in =
        level == Level::ou && best != nullptr && outwards(candidate, subject) < outwards(*best, subject);
    if (best == nullptr || further_in) best = &candidate;
  }
  return best;
}

/// "rotation_period=30d installation_grace=3d".
Result<RuleChanges> read_policy_tag(std::string_view key, std::string_view text) {
  const std::string source = fmt::format("user tag {}", key);
  RuleChanges changes;
  std::vector<std::string_view> seen;
  for (const std::string_view word : split(text, ' ')) {
    if (word.empty()) continue;
    const auto equals = word.find('=');
    if (equals == std::string_view::npos) {
      return fail(ErrorKind::usage, fmt::format("{}: \"{}\" is not of the form name=value", source, word));
    }
    const std::string_view name = word.substr(0, equals);
    if (std::ranges::find(seen, name) != seen.end()) {
      return fail(ErrorKind::usage, fmt::format("{}: {} is set twice", source, name));
    }
    seen.push_back(name);
    const auto set = changes.set(name, word.substr(equals + 1), source);
    if (!set) return fail(in_context(set.error(), source));
  }
  return changes;
}

bool ended(const std::optional<Instant>& until, Instant now) { return until && *until <= now; }

/// What an exemption tag says: the words but for the date, and the date.
Exemption read_exempt_tag(std::string_view key, std::string_view text) {
  Exemption exemption;
  exemption.source = fmt::format("user tag {}", key);
  std::string unreadable;
  for (const std::string_view word : split(text, ' ')) {
    const auto date = field(word, "until");
    const auto end = date ? exemption_end(*date) : std::nullopt;
    if (end && !exemption.until) {
      exemption.until = end;
    } else if (date) {
      unreadable = word;
    } else if (!word.empty()) {
      if (!exemption.reason.empty()) exemption.reason += ' ';
      exemption.reason += word;
    }
  }
  if (exemption.reason.empty()) exemption.reason = "no reason given";
  if (!unreadable.empty()) {
    // Two dates, or none that can be read: nobody knows when it ends, so it does not.
    exemption.until.reset();
    exemption.reason += fmt::format(" (\"{}\" can't be read as its end: exempt until that is mended)", unreadable);
  }
  return exemption;
}

}  // namespace

Result<Rules> effective_rules(const PolicyConfig& config, const Subject& subject) {
  Rules rules;
  apply(config.organisation, rules);
  for (const Level level : {Level::ou, Level::account, Level::user}) {
    if (const Override* found = chosen(config, subject, level)) apply(found->changes, rules);
  }
  if (config.policy_tag.empty()) return rules;
  if (const std::string* text = find_tag(subject, config.policy_tag)) {
    TRY(const RuleChanges changes, read_policy_tag(config.policy_tag, *text));
    apply(changes, rules);
  }
  return rules;
}

std::optional<Instant> exemption_end(std::string_view text) {
  const auto instant = parse_iso8601(text);
  if (!instant) return std::nullopt;
  const bool date_alone = !text.contains('T') && !text.contains('t') && !text.contains(' ');
  return date_alone ? *instant + std::chrono::days{1} : *instant;
}

std::optional<Exemption> exemption_for(const PolicyConfig& config, const Subject& subject, Instant now) {
  if (!config.exempt_group.empty()) {
    for (const GroupName& group : subject.groups) {
      if (!equal_ignoring_case(group.str(), config.exempt_group)) continue;
      return Exemption{"member of the exempt group", std::nullopt, {}, fmt::format("group {}", group)};
    }
  }
  if (const std::string* text = config.exempt_tag.empty() ? nullptr : find_tag(subject, config.exempt_tag)) {
    Exemption exemption = read_exempt_tag(config.exempt_tag, *text);
    if (!ended(exemption.until, now)) return exemption;
  }
  for (const ExemptUser& listed : config.exempt_users) {
    if (matches(listed.match, subject) && !ended(listed.exemption.until, now)) return listed.exemption;
  }
  return std::nullopt;
}

}  // namespace rekeyer::policy
