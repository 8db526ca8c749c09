// Which rules and which exemption hold for a user, among all that are configured.

#include "policy/precedence.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "base/try.hpp"
#include "policy/match.hpp"

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

template <std::size_t count>
bool is_one_of(std::string_view text, const std::array<std::string_view, count>& words) {
  return std::ranges::any_of(words, [text](std::string_view word) { return equal_ignoring_case(text, word); });
}

constexpr std::array<std::string_view, 4> words_of_no{"false", "no", "0", "off"};

/// Words with which people say that somebody is not exempt.
bool means_no(std::string_view text) { return is_one_of(text, words_of_no); }

/// Words that may be meant so, or may be a poor reason.
bool may_mean_no(std::string_view text) {
  static constexpr std::array<std::string_view, 14> words{"n",       "none",     "never",    "null",       "nil",
                                                          "disable", "disabled", "inactive", "not exempt", "no longer",
                                                          "not",     "stop",     "ended",    "expired"};
  text = trimmed(text, " \"'`.,;:!()[]");
  const auto sign = text.find_first_of("=:");  // exempt=false
  return is_one_of(text, words) || means_no(text) ||
         (sign != std::string_view::npos && means_no(trimmed(text.substr(sign + 1))));
}

/// A day that stands in a reason: "expires=2027-01-31", "(2027-01-31)"; nothing where there is none.
std::string_view day_in(std::string_view reason) {
  for (std::string_view word : split(reason, ' ')) {
    word = trimmed(word, "\"'`.,;!()[]");
    for (auto sign = word.find_first_of("=:"); sign != std::string_view::npos && !is_digit(word.front());
         sign = word.find_first_of("=:")) {
      word.remove_prefix(sign + 1);
      if (word.empty()) break;
    }
    if (word.contains('-') && exemption_end(word)) return word;
  }
  return {};
}

/// Without the "=" or ":" that may stand before a date.
std::string_view after_sign(std::string_view text) {
  if (text.starts_with('=') || text.starts_with(':')) text.remove_prefix(1);
  return text;
}

/// The words of an exemption tag, of which those about an end are told from those of the reason. People write
/// `until=DATE`, `UNTIL = DATE`, `until: DATE`: whatever begins with "until" is about an end, and is never part of the
/// reason.
class ExemptTag {
 public:
  explicit ExemptTag(std::string_view text) {
    for (const std::string_view word : split(text, ' ')) {
      if (!word.empty()) words_.push_back(word);
    }
    while (next_ < words_.size()) read_word();
  }

  std::string reason;
  std::vector<Instant> ends;
  std::string unreadable;  ///< as it stands there; empty: every end was read

 private:
  static constexpr std::string_view until = "until";

  void read_word() {
    const std::string_view word = words_[next_++];
    if (!equal_ignoring_case(word.substr(0, until.size()), until)) {
      if (!reason.empty()) reason += ' ';
      reason += word;
      return;
    }
    std::string written(word);
    std::string_view date = after_sign(word.substr(until.size()));
    if (date.empty() && next_ < words_.size()) {  // the sign stands apart, or the date does
      if (words_[next_].size() == 1 && after_sign(words_[next_]).empty())
        written += fmt::format(" {}", words_[next_++]);
      if (next_ < words_.size()) {
        date = after_sign(words_[next_]);
        written += fmt::format(" {}", words_[next_]);
        // What is no date may be a word of the reason: "until further notice".
        if (exemption_end(date)) ++next_;
      }
    }
    if (const auto end = exemption_end(date)) {
      ends.push_back(*end);
    } else {
      unreadable = written;
    }
    if (ends.size() > 1) unreadable = std::move(written);
  }

  std::vector<std::string_view> words_;
  std::size_t next_ = 0;
};

/// What an exemption tag says; nothing where it says that the user is not exempt.
std::optional<Exemption> read_exempt_tag(std::string_view key, std::string_view text) {
  const ExemptTag tag(text);
  if (means_no(tag.reason)) return std::nullopt;
  Exemption exemption;
  exemption.source = fmt::format("user tag {}", key);
  exemption.reason = tag.reason.empty() ? "no reason given" : tag.reason;
  if (may_mean_no(tag.reason)) {
    exemption.reason += fmt::format(" (\"{}\" can't be told from a no: exempt until that is mended; no is {})",
                                    tag.reason, fmt::join(words_of_no, ", "));
  }
  const auto day = tag.ends.empty() && tag.unreadable.empty() ? day_in(tag.reason) : std::string_view{};
  if (!day.empty()) {
    exemption.reason +=
        fmt::format(" (\"{0}\" can't be taken for its end: exempt until that is mended; write until={0})", day);
  }
  if (!tag.unreadable.empty()) {
    // Two dates, or none that can be read: nobody knows when it ends, so it does not.
    exemption.reason += fmt::format(" (\"{}\" can't be read as its end: exempt until that is mended)", tag.unreadable);
  } else if (!tag.ends.empty()) {
    exemption.until = tag.ends.front();
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
    const auto exemption = read_exempt_tag(config.exempt_tag, *text);
    if (exemption && !ended(exemption->until, now)) return exemption;
  }
  for (const ExemptUser& listed : config.exempt_users) {
    if (matches(listed.match, subject) && !ended(listed.exemption.until, now)) return listed.exemption;
  }
  return std::nullopt;
}

}  // namespace rekeyer::policy
