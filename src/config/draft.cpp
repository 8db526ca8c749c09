// Reading single values, with a message that says what was wanted, what was found and how to write it.
#include "config/draft.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "base/json_text.hpp"
#include "base/spelling.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"

namespace rekeyer::config {
namespace {

bool has_control_character(std::string_view text) { return std::ranges::any_of(text, is_control); }

void report_type(Draft& draft, const Entry& entry, std::string_view wanted) {
  draft.report(entry.value().place,
               fmt::format("`{}` must be {}, not {}", entry.full_name, wanted, describe(entry.value().kind)));
}

}  // namespace

void Draft::report(SourcePosition place, std::string message) {
  const auto variable = variables.find(place.line);
  problems.push_back(
      {file, place.line, place.column, std::move(message), variable == variables.end() ? "" : variable->second});
}

SourcePosition Draft::place_of(std::string_view full_name) const {
  const auto found = set_at.find(full_name);
  return found == set_at.end() ? SourcePosition{1, 1} : found->second;
}

std::string Draft::source(SourcePosition place) const {
  const auto variable = variables.find(place.line);
  if (variable != variables.end()) return fmt::format("environment variable {}", variable->second);
  return fmt::format("{}:{}", file, place.line);
}

std::optional<std::string> read_text(Draft& draft, const Entry& entry) {
  if (entry.value().kind != Node::Kind::text) {
    report_type(draft, entry, "a string");
    return std::nullopt;
  }
  if (has_control_character(entry.value().text)) {
    draft.report(entry.value().place, fmt::format("`{}` must be one line without control characters", entry.full_name));
    return std::nullopt;
  }
  return entry.value().text;
}

std::optional<bool> read_flag(Draft& draft, const Entry& entry) {
  if (entry.value().kind == Node::Kind::flag) return entry.value().flag;
  report_type(draft, entry, "true or false, without quotes");
  return std::nullopt;
}

std::optional<std::size_t> read_number(Draft& draft, const Entry& entry) {
  const auto wanted = fmt::format("a whole number from {} to {}", entry.range.least, entry.range.most);
  if (entry.value().kind != Node::Kind::integer) {
    report_type(draft, entry, wanted);
    return std::nullopt;
  }
  const auto number = entry.value().integer;
  if (number < entry.range.least || number > entry.range.most) {
    draft.report(entry.value().place, fmt::format("`{}` must be {}, not {}", entry.full_name, wanted, number));
    return std::nullopt;
  }
  return static_cast<std::size_t>(number);
}

std::optional<double> read_decimal(Draft& draft, const Entry& entry, std::string_view wanted,
                                   bool (*accepted)(double)) {
  const auto& value = entry.value();
  const bool whole = value.kind == Node::Kind::integer;
  if (!whole && value.kind != Node::Kind::decimal) {
    report_type(draft, entry, wanted);
    return std::nullopt;
  }
  const double number = whole ? static_cast<double>(value.integer) : value.decimal;
  // Not a number is not accepted by any comparison.
  if (accepted(number)) return number;
  draft.report(value.place, fmt::format("`{}` must be {}, not {}", entry.full_name, wanted, number));
  return std::nullopt;
}

std::optional<std::string> read_checked(Draft& draft, const Entry& entry, Complaint (*check)(std::string_view),
                                        Empty empty) {
  auto text = read_text(draft, entry);
  if (!text || (text->empty() && empty == Empty::means_none)) return text;
  if (const auto complaint = check(*text)) {
    draft.report(entry.value().place, fmt::format("`{}`: {}", entry.full_name, *complaint));
    return std::nullopt;
  }
  return text;
}

std::vector<Listed> read_list(Draft& draft, const Entry& entry) {
  std::vector<Listed> list;
  if (entry.value().kind == Node::Kind::text) {
    draft.report(entry.value().place, fmt::format("`{}` must be a list of strings, not a string; write [{}]",
                                                  entry.full_name, shown(entry.value().text)));
    return list;
  }
  if (entry.value().kind != Node::Kind::list) {
    report_type(draft, entry, "a list of strings");
    return list;
  }
  std::set<std::string> known;
  for (const auto& item : entry.value().items) {
    if (item.kind != Node::Kind::text) {
      draft.report(item.place, fmt::format("`{}` must hold strings only, not {}; put it in quotes", entry.full_name,
                                           describe(item.kind)));
    } else if (has_control_character(item.text)) {
      draft.report(item.place, fmt::format("`{}` must hold lines without control characters", entry.full_name));
    } else if (!known.insert(item.text).second) {
      draft.report(item.place, fmt::format("{} stands twice in `{}`", shown(item.text), entry.full_name));
    } else {
      list.push_back({item.text, item.place});
    }
  }
  return list;
}

std::string did_you_mean(std::string_view text, const std::vector<std::string_view>& known) {
  const auto close = closest_name(text, known);
  return close.empty() ? std::string{} : fmt::format("; did you mean `{}`?", close);
}

std::string shown(std::string_view text) {
  constexpr std::size_t most = 64;
  if (text.size() <= most) return json_quoted(text);
  return json_quoted(std::string(cut_between_characters(text, most)) + "…");
}

void report_choice(Draft& draft, const Entry& entry, std::string_view text,
                   const std::vector<std::string_view>& known) {
  draft.report(entry.value().place, fmt::format("`{}` must be one of {}, not {}{}", entry.full_name,
                                                fmt::join(known, ", "), shown(text), did_you_mean(text, known)));
}

}  // namespace rekeyer::config
