#include "report/totals_json.hpp"

#include <map>

#include "base/enum_names.hpp"
#include "policy/decision.hpp"
#include "rotation/run_counts.hpp"

namespace rekeyer::report {
namespace {

using rotation::AccountStatus;

/// "rotate" → "done" → 3, in the order of the names.
std::map<std::string_view, std::map<std::string_view, std::size_t>> by_name(const rotation::RowCounts& rows) {
  std::map<std::string_view, std::map<std::string_view, std::size_t>> named;
  for (const auto action : enumerators_to(policy::last_action)) {
    for (const auto status : enumerators_to(rotation::last_action_status)) {
      if (const auto number = rows.of(action, status); number > 0) named[name(action)][name(status)] = number;
    }
  }
  return named;
}

std::uint64_t calls_of(const rotation::RunReport& report) {
  std::uint64_t calls = 0;
  for (const auto& [operation, number] : report.calls) calls += number;
  return calls;
}

}  // namespace

void write_totals(aws::JsonWriter& json, const rotation::RunReport& report) {
  const auto counts = rotation::count(report);
  json.begin_object("totals");
  json.begin_object("accounts")
      .member("done", counts.accounts(AccountStatus::done))
      .member("denied", counts.accounts(AccountStatus::denied))
      .member("skipped", counts.accounts(AccountStatus::skipped))
      .member("failed", counts.accounts(AccountStatus::failed))
      .end();
  json.member("users", counts.users).member("quiet", counts.quiet).member("exempt", counts.exempt);
  json.begin_object("actions");
  for (const auto& [action, statuses] : by_name(counts.rows)) {
    json.begin_object(action);
    for (const auto& [status, number] : statuses) json.member(status, number);
    json.end();
  }
  json.end();
  json.begin_object("rows");
  for (const auto kind : enumerators_to(rotation::last_row_kind)) {
    json.member(name(kind), counts.rows.of(kind));
  }
  json.end();
  json.begin_object("waiting")
      .member("users", report.waiting.users)
      .member("runs", report.waiting.runs)
      .member("a_day", report.waiting.a_day)
      .member("run_keeps_up", report.waiting.run_keeps_up)
      .member("accounts_behind", report.waiting.accounts_behind)
      .end();
  json.member("calls", calls_of(report)).end();
}

}  // namespace rekeyer::report
