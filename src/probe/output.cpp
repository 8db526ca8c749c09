#include "probe/output.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "aws/http/json_writer.hpp"
#include "report/terminal_text.hpp"

namespace rekeyer::probe {
namespace {

constexpr Verdict verdicts[] = {Verdict::as_believed, Verdict::different, Verdict::not_tried};
constexpr int format_of_the_report = 1;

std::size_t count(const Outcome& outcome, Verdict verdict) {
  return static_cast<std::size_t>(
      std::ranges::count_if(outcome.tried, [&](const Tried& tried) { return tried.finding.verdict == verdict; }));
}

/// For programs.
std::string_view identifier(Verdict verdict) {
  switch (verdict) {
    case Verdict::as_believed: return "as_believed";
    case Verdict::different: return "different";
    case Verdict::not_tried: return "not_tried";
  }
  return "";
}

std::string_view colour_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::as_believed: return "32";
    case Verdict::different: return report::alarming;
    case Verdict::not_tried: return report::dim;
  }
  return "";
}

std::size_t longest_name(const std::vector<Check>& checks) {
  std::size_t longest = 0;
  for (const auto& check : checks) longest = std::max(longest, check.name.size());
  return longest;
}

void write_check(aws::JsonWriter& json, const Check& check) {
  json.member("name", check.name).member("belief", check.belief).member("rests_on", check.rests_on);
}

}  // namespace

std::string to_table(const Outcome& outcome, const Redaction& redaction, const report::Style& style) {
  const report::Painter paint(style);
  std::vector<Check> checks;
  for (const auto& tried : outcome.tried) checks.push_back(tried.check);
  const auto name_width = longest_name(checks);
  constexpr std::size_t verdict_width = 11;
  const std::string below(verdict_width + name_width + 4, ' ');
  std::string table;
  for (const auto& tried : outcome.tried) {
    const auto verdict = report::padded(name(tried.finding.verdict), verdict_width);
    table +=
        fmt::format("{}  {}  {}\n", paint(colour_of(tried.finding.verdict), verdict),
                    report::padded(tried.check.name, name_width), report::printable(redaction(tried.finding.seen)));
    if (tried.finding.verdict != Verdict::different) continue;
    table += fmt::format("{}believed: {}\n{}rests on: {}\n", below, tried.check.belief, below, tried.check.rests_on);
  }
  return table;
}

std::string to_json(const Outcome& outcome, const Redaction& redaction, const Heading& heading) {
  aws::JsonWriter json;
  json.begin_object()
      .member("format", format_of_the_report)
      .member("version", heading.version)
      .member("at", iso8601(heading.at))
      .member("partition", heading.partition)
      .member("region", heading.region.str())
      .member("quick", heading.quick);
  if (heading.management) {
    json.member("management_account", *heading.management);
  } else {
    json.null_member("management_account");
  }
  json.begin_array("checks");
  for (const auto& tried : outcome.tried) {
    json.begin_object();
    write_check(json, tried.check);
    json.member("verdict", identifier(tried.finding.verdict))
        .member("seen", redaction(tried.finding.seen))
        .member("milliseconds", tried.took.count())
        .end();
  }
  json.end().begin_object("totals");
  for (const auto verdict : verdicts) json.member(identifier(verdict), count(outcome, verdict));
  json.end().begin_object("calls");
  for (const auto& [name, calls] : outcome.calls) json.member(name, calls);
  json.end().member("throttled", outcome.throttled).member("seconds", outcome.took.count() / 1000);
  json.begin_array("left");
  for (const auto& left : outcome.left) {
    json.begin_object()
        .member("kind", name(left.thing.kind))
        .member("name", left.thing.name)
        .member("region", left.thing.region.str())
        .member("why", redaction(left.why))
        .end();
  }
  json.end().end();
  return json.finish_text() + "\n";
}

std::string summary(const Outcome& outcome) {
  std::uint64_t calls = 0;
  for (const auto& [name, made] : outcome.calls) calls += made;
  return fmt::format("{} as believed, {} different, {} not tried; {} in {}", count(outcome, Verdict::as_believed),
                     count(outcome, Verdict::different), count(outcome, Verdict::not_tried),
                     report::counted(calls, "call"), describe_period(std::chrono::ceil<Period>(outcome.took)));
}

std::string left_text(const std::vector<Bench::Left>& left) {
  std::string text;
  for (const auto& each : left) {
    text += report::printable(
                fmt::format("{} {} in {}: {}", name(each.thing.kind), each.thing.name, each.thing.region, each.why)) +
            "\n";
  }
  return text;
}

std::string list_as_table(const std::vector<Check>& checks) {
  const auto width = longest_name(checks);
  std::string table;
  for (const auto& check : checks) {
    table += fmt::format("{}  {}\n", report::padded(check.name, width), check.belief);
    if (check.attempt == nullptr) table += fmt::format("{}  not tried: {}\n", std::string(width, ' '), check.reason);
  }
  return table;
}

std::string list_as_json(const std::vector<Check>& checks) {
  aws::JsonWriter json;
  json.begin_object().begin_array("checks");
  for (const auto& check : checks) {
    json.begin_object();
    write_check(json, check);
    json.member("waits", check.takes == Takes::a_while).member("never_tried", check.reason).end();
  }
  json.end().end();
  return json.finish_text() + "\n";
}

bool any_stays(const std::vector<Bench::Left>& left) {
  return std::ranges::any_of(left, [](const auto& each) { return !each.may_come; });
}

bool has_problems(const Outcome& outcome) { return count(outcome, Verdict::different) > 0 || any_stays(outcome.left); }

}  // namespace rekeyer::probe
