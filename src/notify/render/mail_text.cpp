#include "notify/render/mail_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/shown_text.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"

namespace rekeyer::notify {
namespace {

/// Where a line's own text starts: behind its spaces and its "1. " or "- ", and behind the label of an indented line
/// ("  User:   ").
std::size_t hanging_indent(std::string_view line) {
  std::size_t at = std::min(line.find_first_not_of(' '), line.size());
  const std::size_t spaces = at;
  while (at < line.size() && is_digit(line[at])) ++at;
  if (at > spaces && line.substr(at, 2) == ". ") return at + 2;
  if (line.substr(spaces, 2) == "- ") return spaces + 2;
  constexpr std::size_t longest_label = 16;
  const std::size_t label_end = line.find(": ");
  if (spaces == 0 || label_end > longest_label) return spaces;
  return std::min(line.find_first_not_of(' ', label_end + 1), line.size());
}

void append_wrapped(std::string& result, std::string_view line, std::size_t width) {
  if (line.starts_with("    ") || character_count(line) <= width) {
    result.append(line) += '\n';
    return;
  }
  const std::size_t indent = hanging_indent(line);
  std::string current(line.substr(0, indent));
  bool empty = true;
  std::string_view rest = line.substr(indent);
  while (!rest.empty()) {
    const std::string_view word = rest.substr(0, rest.find(' '));
    rest.remove_prefix(std::min(rest.size(), word.size() + 1));
    if (!empty && character_count(current) + 1 + character_count(word) > width) {
      result.append(current) += '\n';
      current.assign(indent, ' ');
      empty = true;
    }
    if (!empty) current += ' ';
    current += word;
    empty = false;
  }
  result.append(current) += '\n';
}

std::chrono::sys_days calendar_day(Instant instant) { return std::chrono::floor<std::chrono::days>(instant); }

}  // namespace

std::string one_line(std::string_view text) { return shown_text(text, Unshown::dropped); }

std::string escape_html(std::string_view text) {
  std::string result;
  result.reserve(text.size() + text.size() / 8);
  for (const char c : text) {
    switch (c) {
      case '&': result += "&amp;"; break;
      case '<': result += "&lt;"; break;
      case '>': result += "&gt;"; break;
      case '"': result += "&quot;"; break;
      case '\'': result += "&#39;"; break;  // not &apos;, which HTML 4 mail clients don't know
      default: result += c;
    }
  }
  return result;
}

std::string shortened(std::string_view text, std::size_t most) {
  if (character_count(text) <= most || most == 0) return std::string(text);
  std::size_t at = 0;
  for (std::size_t count = 1; count < most; ++count) at += first_character(text.substr(at)).bytes;
  return std::string(trimmed_end(text.substr(0, at))) + "…";
}

std::string shell_word(std::string_view text) {
  static constexpr std::string_view harmless =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=,.@:/";
  if (!text.empty() && text.find_first_not_of(harmless) == std::string_view::npos) return std::string(text);
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'') {
      result += R"('\'')";
    } else {
      result += c;
    }
  }
  return result + "'";
}

std::string wrapped(std::string_view text, std::size_t width) {
  std::string result;
  bool gap = false;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string_view line = trimmed_end(text.substr(0, end));
    text.remove_prefix(std::min(text.size(), end + 1));
    if (line.empty()) {
      gap = !result.empty();
      continue;
    }
    if (gap) result += '\n';
    gap = false;
    append_wrapped(result, line, width);
  }
  return result;
}

std::string short_date(Instant instant) {
  static constexpr std::array<std::string_view, 12> months{"January",   "February", "March",    "April",
                                                           "May",       "June",     "July",     "August",
                                                           "September", "October",  "November", "December"};
  const std::chrono::year_month_day date{calendar_day(instant)};
  return fmt::format("{} {}", static_cast<unsigned>(date.day()), months.at(static_cast<unsigned>(date.month()) - 1));
}

std::string short_date(Instant instant, Instant now) {
  const std::chrono::year_month_day date{calendar_day(instant)};
  const std::chrono::year_month_day today{calendar_day(now)};
  if (date.year() == today.year()) return short_date(instant);
  return fmt::format("{} {}", short_date(instant), static_cast<int>(date.year()));
}

std::string long_date(Instant instant) {
  static constexpr std::array<std::string_view, 7> weekdays{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                            "Thursday", "Friday", "Saturday"};
  const std::chrono::year_month_day date{calendar_day(instant)};
  return fmt::format("{}, {} {}", weekdays.at(std::chrono::weekday{calendar_day(instant)}.c_encoding()),
                     short_date(instant), static_cast<int>(date.year()));
}

std::string date_and_time(Instant instant) {
  const auto minutes = std::chrono::floor<std::chrono::minutes>(instant - calendar_day(instant)).count();
  return fmt::format("{}, {:02}:{:02} UTC", long_date(instant), minutes / 60, minutes % 60);
}

std::string days_from(Instant now, Instant instant) {
  const auto days = (calendar_day(instant) - calendar_day(now)).count();
  if (days == 0) return "today";
  if (days == 1) return "tomorrow";
  if (days == -1) return "yesterday";
  return days > 0 ? fmt::format("in {} days", days) : fmt::format("{} days ago", -days);
}

std::string counted(std::size_t count, std::string_view one, std::string_view several) {
  return fmt::format("{} {}", count, count == 1 ? one : several);
}

std::string days_number(Period period) {
  constexpr double day = 86400;
  return fmt::format("{}", std::round(static_cast<double>(period.count()) / day * 100) / 100);
}

bool safe_in_mailto(std::string_view address) {
  static constexpr std::string_view harmless = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+.@";
  return address.find_first_not_of(harmless) == std::string_view::npos && std::ranges::count(address, '@') == 1;
}

bool safe_link(std::string_view url) {
  const bool known = url.starts_with("https://") || url.starts_with("http://") || url.starts_with("mailto:");
  return known && std::ranges::all_of(url, [](char c) { return c > ' ' && c < 0x7F && c != '"' && c != '\''; });
}

}  // namespace rekeyer::notify
