#include "base/time.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "base/text.hpp"

namespace rekeyer {
namespace {

struct Parts {
  std::chrono::year_month_day date;
  std::chrono::hh_mm_ss<std::chrono::seconds> time;
};

Parts parts_of(Instant instant) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(instant);
  const auto day = std::chrono::floor<std::chrono::days>(seconds);
  return {std::chrono::year_month_day{day}, std::chrono::hh_mm_ss{seconds - day}};
}

/// Reads exactly `width` digits from the front of `text`.
std::optional<int> take_digits(std::string_view& text, std::size_t width) {
  if (text.size() < width) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i < width; ++i) {
    if (!is_digit(text[i])) return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(width);
  return value;
}

bool take(std::string_view& text, char expected) {
  if (text.empty() || text.front() != expected) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<Instant> assemble(int year, int month, int day, int hour, int minute, int second) {
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  return std::chrono::sys_days{date} + std::chrono::hours{hour} + std::chrono::minutes{minute} +
         std::chrono::seconds{second};
}

/// Fraction of a second, to the millisecond; further digits are read and cut.
std::optional<Milliseconds> take_fraction(std::string_view& text) {
  if (!take(text, '.') && !take(text, ',')) return Milliseconds{0};
  int value = 0;
  int digits = 0;
  while (!text.empty() && is_digit(text.front())) {
    if (digits < 3) value = value * 10 + (text.front() - '0');
    ++digits;
    text.remove_prefix(1);
  }
  if (digits == 0) return std::nullopt;
  for (int i = digits; i < 3; ++i) value *= 10;
  return Milliseconds{value};
}

/// "Z", "+01:00" or "-0130"; what to subtract from the local reading.
std::optional<std::chrono::minutes> take_offset(std::string_view& text) {
  if (take(text, 'Z') || take(text, 'z')) return std::chrono::minutes{0};
  const int sign = take(text, '+') ? 1 : take(text, '-') ? -1 : 0;
  if (sign == 0) return std::nullopt;
  const auto hours = take_digits(text, 2);
  take(text, ':');
  const auto minutes = take_digits(text, 2);
  if (!hours || !minutes || *hours > 14 || *minutes > 59) return std::nullopt;
  return std::chrono::minutes{sign * (*hours * 60 + *minutes)};
}

/// The last `width` digits of `value`, from `at` on.
void put_digits(unsigned value, char* at, std::size_t width) {
  while (width > 0) {
    at[--width] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
}

/// Where year, month, day, hour, minute and second begin in a text.
using Places = std::array<std::size_t, 6>;

/// Writes the instant's numbers into a text that is there already. By hand, since every call to AWS and every key that
/// is told of needs some. False, and nothing written, outside the years that have four digits.
bool put_date(Instant instant, char* text, const Places& places) {
  const auto [date, time] = parts_of(instant);
  const int year = static_cast<int>(date.year());
  if (year < 0 || year > 9999) return false;
  put_digits(static_cast<unsigned>(year), text + places[0], 4);
  put_digits(static_cast<unsigned>(date.month()), text + places[1], 2);
  put_digits(static_cast<unsigned>(date.day()), text + places[2], 2);
  put_digits(static_cast<unsigned>(time.hours().count()), text + places[3], 2);
  put_digits(static_cast<unsigned>(time.minutes().count()), text + places[4], 2);
  put_digits(static_cast<unsigned>(time.seconds().count()), text + places[5], 2);
  return true;
}

struct Unit {
  char letter;
  Period length;
};
constexpr std::array<Unit, 4> units{
    {{'d', std::chrono::days{1}}, {'h', std::chrono::hours{1}}, {'m', std::chrono::minutes{1}}, {'s', Period{1}}}};

}  // namespace

std::string iso8601(Instant instant) {
  std::string text = "0000-00-00T00:00:00Z";
  if (put_date(instant, text.data(), {0, 5, 8, 11, 14, 17})) return text;
  const auto [date, time] = parts_of(instant);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), time.hours().count(),
                     time.minutes().count(), time.seconds().count());
}

std::string day_of(Instant instant) { return iso8601(instant).substr(0, 10); }

std::string compact_iso8601(Instant instant) {
  std::string text = "00000000T000000Z";
  if (put_date(instant, text.data(), {0, 4, 6, 9, 11, 13})) return text;
  const auto [date, time] = parts_of(instant);
  return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), time.hours().count(),
                     time.minutes().count(), time.seconds().count());
}

std::optional<Instant> parse_iso8601(std::string_view text) {
  const auto year = take_digits(text, 4);
  if (!year) return std::nullopt;
  const bool dashed = take(text, '-');
  const auto month = take_digits(text, 2);
  if (dashed && !take(text, '-')) return std::nullopt;
  const auto day = take_digits(text, 2);
  if (!month || !day) return std::nullopt;
  if (text.empty()) return assemble(*year, *month, *day, 0, 0, 0);
  if (!take(text, 'T') && !take(text, 't') && !take(text, ' ')) return std::nullopt;
  const auto hour = take_digits(text, 2);
  const bool colon = take(text, ':');
  const auto minute = take_digits(text, 2);
  if (colon && !take(text, ':')) return std::nullopt;
  const auto second = take_digits(text, 2);
  const auto fraction = take_fraction(text);
  const auto offset = take_offset(text);
  if (!hour || !minute || !second || !fraction || !offset || !text.empty()) return std::nullopt;
  const auto local = assemble(*year, *month, *day, *hour, *minute, *second);
  if (!local) return std::nullopt;
  return *local + *fraction - *offset;
}

std::optional<Instant> parse_http_date(std::string_view text) {
  static constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const auto comma = text.find(", ");
  if (comma == std::string_view::npos) return std::nullopt;
  text.remove_prefix(comma + 2);
  const auto day = take_digits(text, 2);
  if (!day || !take(text, ' ') || text.size() < 3) return std::nullopt;
  const auto month = months.find(text.substr(0, 3));
  if (month == std::string_view::npos || month % 3 != 0) return std::nullopt;
  text.remove_prefix(3);
  if (!take(text, ' ')) return std::nullopt;
  const auto year = take_digits(text, 4);
  if (!year || !take(text, ' ')) return std::nullopt;
  const auto hour = take_digits(text, 2);
  if (!hour || !take(text, ':')) return std::nullopt;
  const auto minute = take_digits(text, 2);
  if (!minute || !take(text, ':')) return std::nullopt;
  const auto second = take_digits(text, 2);
  if (!second || text != " GMT") return std::nullopt;
  return assemble(*year, static_cast<int>(month / 3) + 1, *day, *hour, *minute, *second);
}

Instant from_epoch_seconds(double seconds) {
  // Far outside any date that AWS sends; the clamp keeps the conversion defined for hostile input.
  constexpr double limit = 253402300799.0;  // the end of the year 9999
  if (!(seconds > -limit)) seconds = -limit;
  if (seconds > limit) seconds = limit;
  return Instant{Milliseconds{std::llround(seconds * 1000.0)}};
}

std::optional<Period> parse_period(std::string_view text) {
  if (text.empty()) return std::nullopt;
  Period sum{0};
  std::size_t next_unit = 0;  // units only in falling order, each once: "1d12h", never "12h1d"
  while (!text.empty()) {
    std::int64_t count = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (failure != std::errc{} || count < 0 || end == text.data() + text.size()) return std::nullopt;
    if (text.front() == '-') return std::nullopt;
    while (next_unit < units.size() && units[next_unit].letter != *end) ++next_unit;
    if (next_unit == units.size()) return std::nullopt;
    constexpr std::int64_t century = std::int64_t{100} * 366 * 86400;
    if (count > century / units[next_unit].length.count()) return std::nullopt;
    sum += units[next_unit].length * count;
    ++next_unit;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
  }
  return sum;
}

std::string format_period(Period period) {
  if (period == Period::zero()) return "0d";
  for (const auto& unit : units) {
    if (period % unit.length == Period::zero()) return fmt::format("{}{}", period / unit.length, unit.letter);
  }
  return fmt::format("{}s", period.count());
}

std::string describe_period(Period period) {
  static constexpr std::array<std::string_view, 4> names{"day", "hour", "minute", "second"};
  if (period < Period::zero()) period = -period;
  for (std::size_t i = 0; i < units.size(); ++i) {
    const auto count = period / units[i].length;
    if (count > 0 || i + 1 == units.size()) return fmt::format("{} {}{}", count, names[i], count == 1 ? "" : "s");
  }
  return {};
}

}  // namespace rekeyer
