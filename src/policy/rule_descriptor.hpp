// What a rule is: its name and meaning, where its value stands, and how that is read, written and laid over another.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "policy/rules.hpp"

namespace rekeyer::policy {

struct PeriodRange {
  Period least;
  Period most;  ///< included
};

/// The word of configuration for one choice: "evict-idle".
template <class Enum>
struct ChoiceWord {
  std::string_view word;
  Enum choice;
};

// The kinds of rules, by what their values are. `rule` is where the value in force stands, `change` where one place of
// the configuration sets it.

/// "90d", "36h".
struct PeriodRule {
  Sourced<Period> Rules::* rule;
  std::optional<Sourced<Period>> RuleChanges::* change;
  PeriodRange range;
};

/// "30d" or "never".
struct PeriodOrNeverRule {
  Sourced<std::optional<Period>> Rules::* rule;
  std::optional<Sourced<std::optional<Period>>> RuleChanges::* change;
  PeriodRange range;
};

/// "true" or "false".
struct FlagRule {
  Sourced<bool> Rules::* rule;
  std::optional<Sourced<bool>> RuleChanges::* change;
};

/// One of a few words.
template <class Enum>
struct ChoiceRule {
  Sourced<Enum> Rules::* rule;
  std::optional<Sourced<Enum>> RuleChanges::* change;
  std::span<const ChoiceWord<Enum>> words;
};

/// One row of the table of rules (rule_table.hpp).
struct RuleDescriptor {
  std::string_view name;  ///< in configuration, in a user's tag, in every report
  std::variant<PeriodRule, PeriodOrNeverRule, FlagRule, ChoiceRule<InUse>, ChoiceRule<Unused>, ChoiceRule<TwoActive>>
      kind;
  std::string_view meaning;  ///< a sentence or two, for the starter file

  /// What it takes, in words: "a period from 1h to 3650d", "hold, warn or ignore".
  std::string values() const;
  bool is_flag() const { return std::holds_alternative<FlagRule>(kind); }

  /// Its value in `rules`, as `set` reads it: "90d", "hold", "never".
  std::string text(const Rules& rules) const;
  /// Who set it there.
  const std::string& source(const Rules& rules) const;

  /// Sets it from its text. Fails with `usage`: wrong text, out of range.
  Result<> set(RuleChanges& changes, std::string_view text, std::string source) const;
  /// Where `changes` set it, puts that into `rules`.
  void lay_over(const RuleChanges& changes, Rules& rules) const;

  /// Does its value stand in that member? `is_at(&Rules::in_use)`.
  template <class T>
  bool is_at(Sourced<T> Rules::* member) const {
    return std::visit(
        [member](const auto& its) {
          if constexpr (requires { its.rule == member; }) return its.rule == member;
          return false;  // a value of another type
        },
        kind);
  }
};

}  // namespace rekeyer::policy
