// Settings while they are being read: what was found so far, where, and every problem with it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/config.hpp"
#include "config/document.hpp"
#include "notify/model/settings.hpp"
#include "policy/match.hpp"
#include "policy/rules.hpp"
#include "rotation/settings.hpp"

namespace rekeyer::config {

/// A stretch of whole numbers that a key takes, both ends included.
struct Range {
  std::int64_t least = 0;
  std::int64_t most = 0;
};

struct Draft {
  rotation::Settings settings;
  notify::Settings notify;
  std::string file;
  std::vector<Problem> problems;
  std::map<std::string, SourcePosition, std::less<>> set_at;  ///< "store.region" → where; only keys that the file sets
  policy::Match match;                                        ///< of the override or exemption that is being read
  std::vector<SourcePosition> override_places;                ///< one for each of settings.policy.overrides
  std::vector<std::pair<SourcePosition, AccountId>> matched_accounts;  ///< what overrides and exemptions name
  std::vector<SourcePosition> matched_ous;
  std::optional<notify::ChannelKind> channel_kind;  ///< of the channel that is being read
  std::vector<SourcePosition> channel_places;       ///< one for each of notify.channels
  std::map<int, std::string> variables;             ///< line → the environment variables that it was made from
  bool channels_unclear = false;                    ///< the type of one is missing or wrong: what it needs is unknown

  void report(SourcePosition place, std::string message);
  /// The place of a key by its full name; the file's start where it is not set.
  SourcePosition place_of(std::string_view full_name) const;
  bool has(std::string_view full_name) const { return set_at.contains(full_name); }
  /// "rekeyer.toml:12", as rules and exemptions carry it, or "environment variable RotationPeriod".
  std::string source(SourcePosition place) const;
};

/// A key of the file with its full name ("store.region"), for messages.
struct Entry {
  std::string full_name;
  const Member& member;
  Range range;  ///< for numbers
  const Node& value() const { return member.value; }
};

/// The value as the wanted type; nothing, with the problem reported, where it is of another type or out of range.
std::optional<std::string> read_text(Draft& draft, const Entry& entry);
std::optional<bool> read_flag(Draft& draft, const Entry& entry);
std::optional<std::size_t> read_number(Draft& draft, const Entry& entry);
/// A number with or without a fraction; `wanted` is what is accepted, in words: "a number from 1 to 5".
std::optional<double> read_decimal(Draft& draft, const Entry& entry, std::string_view wanted, bool (*accepted)(double));

/// Nothing where the text will do, else what is wrong with it.
using Complaint = std::optional<std::string>;
/// A text that `check` does not complain of. An empty one is taken unchecked where it means "none".
enum class Empty { refused, means_none };
std::optional<std::string> read_checked(Draft& draft, const Entry& entry, Complaint (*check)(std::string_view),
                                        Empty empty);

/// One text of a list and where it stands.
struct Listed {
  std::string text;
  SourcePosition place;
};
/// A list of strings, none of them twice.
std::vector<Listed> read_list(Draft& draft, const Entry& entry);

/// "did you mean" for `text` among `known`: "; did you mean `x`?", or nothing.
std::string did_you_mean(std::string_view text, const std::vector<std::string_view>& known);
/// A text from the file as a message may show it: quoted, control characters escaped, cut where long.
std::string shown(std::string_view text);

void report_choice(Draft& draft, const Entry& entry, std::string_view text, const std::vector<std::string_view>& known);

template <class Enum>
using Choices = std::span<const std::pair<std::string_view, Enum>>;

/// One of a few words.
template <class Enum>
std::optional<Enum> read_choice(Draft& draft, const Entry& entry, Choices<Enum> choices) {
  const auto text = read_text(draft, entry);
  if (!text) return std::nullopt;
  std::vector<std::string_view> known;
  for (const auto& [name, value] : choices) {
    if (name == *text) return value;
    known.push_back(name);
  }
  report_choice(draft, entry, *text, known);
  return std::nullopt;
}

}  // namespace rekeyer::config
