// A rehearsal as people read it: what is assumed, line by line what happens, what it adds up to, and what is held.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "rehearsal/output.hpp"
#include "report/terminal_text.hpp"

namespace rekeyer::rehearsal {
namespace {

using report::counted;
using report::Painter;
using report::printable;

/// One line: the sums of its days' changes, and the most on any of them of what stands.
struct Line {
  std::string first;
  std::size_t days = 0;
  Day day;

  void add(const Day& next) {
    ++days;
    day.rotated += next.rotated;
    day.deactivated += next.deactivated;
    day.cut += next.cut;
    day.deleted += next.deleted;
    day.recovered += next.recovered;
    for (std::size_t i = 0; i < day.told.size(); ++i) day.told[i] += next.told[i];
    day.mails += next.mails;
    day.mails_to_nobody += next.mails_to_nobody;
    day.warned = std::max(day.warned, next.warned);
    day.held = std::max(day.held, next.held);
    day.waiting = std::max(day.waiting, next.waiting);
    day.overdue = std::max(day.overdue, next.overdue);
    day.owners = std::max(day.owners, next.owners);
  }
  bool eventless() const { return day.changes() == 0 && !day.tells() && day.waiting == 0; }
};

std::vector<Line> lines_of(const RehearsalReport& result, Every every) {
  std::vector<Line> lines;
  std::string month;
  for (std::size_t number = 0; number < result.days.size(); ++number) {
    const auto date = day_of(result.days[number].at);
    const bool begins = every == Every::day || (every == Every::week && number % 7 == 0) ||
                        (every == Every::month && date.substr(0, 7) != month);
    month = date.substr(0, 7);
    if (begins || lines.empty()) lines.push_back({every == Every::month ? month : date, 0, {}});
    lines.back().add(result.days[number]);
  }
  return lines;
}

struct Column {
  std::string_view title;
  std::size_t (*value)(const Day&);
  bool always = true;  ///< shown although it is zero everywhere
};

const std::vector<Column>& all_columns() {
  static const std::vector<Column> columns{
      {"ROTATED", [](const Day& day) { return day.rotated; }},
      {"DEACTIVATED", [](const Day& day) { return day.deactivated; }},
      {"IN USE", [](const Day& day) { return day.cut; }, false},
      {"DELETED", [](const Day& day) { return day.deleted; }},
      {"RECOVERED", [](const Day& day) { return day.recovered; }, false},
      {"NEAR", [](const Day& day) { return day.warned; }},
      {"HELD", [](const Day& day) { return day.held; }},
      {"WAITING", [](const Day& day) { return day.waiting; }, false},
      {"OVERDUE", [](const Day& day) { return day.overdue; }},
      {"MAILS", [](const Day& day) { return day.mails; }},
      {"OWNERS", [](const Day& day) { return day.owners; }},
  };
  return columns;
}

class Table {
 public:
  Table(const std::vector<Line>& lines, Every every, const Painter& paint)
      : lines_(lines), every_(every), paint_(paint) {
    for (const Line& line : lines) sum_.add(line.day);
    sum_.first = "in all";
    for (const Column& column : all_columns()) {
      if (column.always || column.value(sum_.day) > 0) columns_.push_back(column);
    }
  }

  std::string text() const {
    std::string head = report::padded(every_ == Every::day    ? "DAY"
                                      : every_ == Every::week ? "WEEK OF"
                                                              : "MONTH",
                                      width);
    for (const Column& column : columns_) head += fmt::format("  {:>{}}", column.title, width_of(column));
    std::string text = paint_(report::bold, head) + "\n";
    for (std::size_t i = 0; i < lines_.size();) {
      std::size_t quiet = 0;
      while (i + quiet < lines_.size() && lines_[i + quiet].eventless()) ++quiet;
      if (quiet > 0) {
        text += paint_(report::dim, fmt::format("{}  nothing happens{}", lines_[i].first, length(quiet))) + "\n";
        i += quiet;
      } else {
        text += row(lines_[i++]) + "\n";
      }
    }
    return text + paint_(report::bold, row(sum_)) + "\n";
  }

 private:
  static constexpr std::size_t width = 10;

  std::size_t width_of(const Column& column) const {
    return std::max(column.title.size(), fmt::formatted_size("{}", column.value(sum_.day)));
  }
  std::string row(const Line& line) const {
    std::string text = report::padded(line.first, width);
    for (const Column& column : columns_) {
      const auto value = column.value(line.day);
      text += fmt::format("  {:>{}}", value == 0 ? std::string("-") : fmt::to_string(value), width_of(column));
    }
    return text;
  }
  std::string length(std::size_t lines) const {
    if (lines == 1) return {};
    return fmt::format(" for {} {}s", lines, every_ == Every::day ? "day" : every_ == Every::week ? "week" : "month");
  }

  const std::vector<Line>& lines_;
  Every every_;
  const Painter& paint_;
  Line sum_;
  std::vector<Column> columns_;
};

std::string head_of(const RehearsalReport& result) {
  const auto& before = result.before;
  std::string text =
      fmt::format("{}: {} from {}, {} in {}, {} and {} inactive.\n", printable(result.world),
                  counted(result.days.size(), "day"), day_of(result.start), counted(before.users, "user"),
                  counted(before.accounts, "account"), counted(before.active_keys, "active key"), before.inactive_keys);
  std::vector<std::string> rhythms;
  for (const auto& [rhythm, count] : before.rhythms) rhythms.push_back(fmt::format("{} {}", count, name(rhythm)));
  if (!rhythms.empty()) text += fmt::format("Keys are used, to go by their last use: {}.\n", fmt::join(rhythms, ", "));
  text += fmt::format("Assumed: {}.\n", assumptions(result.behaviour));
  if (before.exempt > 0) text += fmt::format("{} at the start.\n", counted(before.exempt, "exempt user"));
  std::map<std::string, std::size_t> reasons;
  for (const auto& left : result.left_out) ++reasons[left.why];
  for (const auto& [why, count] : reasons) text += fmt::format("Left out: {}: {}.\n", count, printable(why));
  if (!result.incomplete.empty()) text += fmt::format("Accounts may be missing: {}\n", printable(result.incomplete));
  return text;
}

std::string changes_of(const Day& day) {
  std::vector<std::string> parts;
  const auto add = [&](std::size_t count, std::string_view what) {
    if (count > 0) parts.push_back(fmt::format("{} {}", count, what));
  };
  add(day.rotated, "rotated");
  add(day.deactivated, "deactivated");
  add(day.deleted, "deleted");
  add(day.recovered, "recovered");
  return fmt::format("{}", fmt::join(parts, ", "));
}

/// Who is told of what, and by whom: one sentence a line.
std::string told_of(const RehearsalReport& result, const Day& sum) {
  if (result.telling == Telling::nobody) return "No mails: the configuration has no [[notify.channel]].\n";
  std::vector<std::string> parts;
  for (std::size_t kind = 0; kind < sum.told.size(); ++kind) {
    if (sum.told[kind] > 0) parts.push_back(fmt::format("{} {}", sum.told[kind], name(owners_kind(kind))));
  }
  std::string text;
  if (!parts.empty()) text = fmt::format("Told of keys: {}.\n", fmt::join(parts, ", "));
  if (result.telling == Telling::events) return text + "No mails: none of the channels sends any.\n";
  if (sum.mails > 0) {
    text += fmt::format("Mails: {} to {}.\n", sum.mails, counted(result.owners_told, "owner"));
  }
  if (sum.mails_to_nobody > 0) {
    text +=
        fmt::format("To nobody: {}, since {} of {} have no owner who can be told{}.\n",
                    counted(sum.mails_to_nobody, "more mail"), result.before.unowned,
                    counted(result.before.users, "user"), result.notice_required ? ": nothing of theirs retires" : "");
  }
  std::vector<std::string> busiest;
  for (const auto& owner : result.busiest) busiest.push_back(fmt::format("{} {}", printable(owner.owner), owner.mails));
  if (!busiest.empty()) text += fmt::format("Told most: {}", fmt::join(busiest, ", "));
  const auto peak = std::ranges::max_element(result.days, {}, &Day::busiest_notices);
  if (!busiest.empty() && peak != result.days.end() && peak->busiest != nobody) {
    text += fmt::format("; most on one day: of {} to {} on {}", counted(peak->busiest_notices, "key"),
                        printable(result.owners[peak->busiest]), day_of(peak->at));
  }
  return busiest.empty() ? text : text + ".\n";
}

std::string sums_of(const RehearsalReport& result, const Painter& paint) {
  const Day sum = total(result);
  std::string text;
  if (!result.days.empty() && result.days[result.tallest].changes() > 0) {
    const Day& day = result.days[result.tallest];
    text += fmt::format("Busiest day: {}: {}", day_of(day.at), changes_of(day));
    if (result.telling == Telling::mails) {
      text += fmt::format("; {} to {}", counted(day.mails, "mail"), counted(day.owners, "owner"));
    }
    text += ".\n";
  }
  text += told_of(result, sum);
  if (sum.cut > 0) {
    text += paint("33", fmt::format("{} deactivated while something still used {}: programs would fail.",
                                    counted(sum.cut, "key"), sum.cut == 1 ? "it" : "them")) +
            "\n";
  }
  if (result.root_keys > 0) {
    text += fmt::format("The root user has an active access key in {}: delete it by hand.\n",
                        counted(result.root_keys, "account"));
  }
  if (result.orphaned_secrets > 0) {
    text += fmt::format("The first run schedules the deletion of {} whose user is gone.\n",
                        counted(result.orphaned_secrets, "secret"));
  }
  return text;
}

std::string held_at_end(const RehearsalReport& result, const Painter& paint, bool all) {
  if (result.held.empty()) return "Nothing is held at the end.\n";
  std::map<policy::Reason, std::vector<const HeldKey*>> by_reason;
  for (const auto& held : result.held) by_reason[held.reason].push_back(&held);
  std::string text = paint(report::bold, fmt::format("Held at the end: {}", counted(result.held.size(), "key"))) + "\n";
  constexpr std::size_t examples = 3;
  for (const auto& [reason, keys] : by_reason) {
    text += fmt::format("  {} {}: {}\n", keys.size(), policy::name(reason), policy::describe(reason));
    const auto shown = all ? keys.size() : std::min(keys.size(), examples);
    for (std::size_t i = 0; i < shown; ++i) {
      const HeldKey& held = *keys[i];
      text += fmt::format("      {} {}: {}{}\n", held.account, printable(held.user.str()), printable(held.detail),
                          held.due ? fmt::format("; due {}", day_of(*held.due)) : "");
    }
    if (shown < keys.size()) text += paint(report::dim, fmt::format("      … and {} more", keys.size() - shown)) + "\n";
  }
  return text;
}

}  // namespace

std::optional<Every> parse_every(std::string_view text) {
  if (text == "day") return Every::day;
  if (text == "week") return Every::week;
  if (text == "month") return Every::month;
  return std::nullopt;
}

Every fitting(std::size_t days) {
  constexpr std::size_t a_month = 31;
  constexpr std::size_t a_year_and_a_bit = 400;
  if (days <= a_month) return Every::day;
  return days <= a_year_and_a_bit ? Every::week : Every::month;
}

std::string percent(unsigned of_ten_thousand) {
  const auto text = fmt::format("{}.{:02}", of_ten_thousand / 100, of_ten_thousand % 100);
  const auto end = text.find_last_not_of('0');
  return text.substr(0, text[end] == '.' ? end : end + 1);
}

std::string assumptions(const Behaviour& behaviour) {
  return fmt::format(
      "owners install a new key after about {} ({} % never do, and go on with the old one); whoever is cut off is "
      "helped after {}; seed {}",
      describe_period(behaviour.install_after), percent(behaviour.never_install),
      describe_period(behaviour.repair_after), behaviour.seed);
}

std::string to_table(const RehearsalReport& result, Every every, const report::Style& style) {
  const Painter paint(style);
  const auto lines = lines_of(result, every);
  std::string text = head_of(result) + "\n" + Table(lines, every, paint).text();
  if (every != Every::day) {
    text += paint(report::dim, "Near, held, waiting, overdue and owners: the most on any day.") + "\n";
  }
  text += "\n" + sums_of(result, paint) + held_at_end(result, paint, style.list_exempt);
  if (result.interrupted()) {
    text += paint("33", fmt::format("Stopped after {} of {} days.", result.days.size(), result.days_wanted)) + "\n";
  }
  return text;
}

}  // namespace rekeyer::rehearsal
