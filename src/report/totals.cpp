// Counting a report.
#include "policy/decision.hpp"
#include "report/report.hpp"

namespace rekeyer::report {

std::optional<Format> parse_format(std::string_view text) {
  if (text == "table") return Format::table;
  if (text == "json") return Format::json;
  if (text == "csv") return Format::csv;
  return std::nullopt;
}

Totals totals_of(const rotation::RunReport& report) {
  Totals totals;
  for (const auto& account : report.accounts) {
    switch (account.status) {
      case rotation::AccountStatus::done: ++totals.accounts_done; break;
      case rotation::AccountStatus::denied: ++totals.accounts_denied; break;
      case rotation::AccountStatus::skipped: ++totals.accounts_skipped; break;
      case rotation::AccountStatus::failed: ++totals.accounts_failed; break;
    }
    totals.users += account.users;
    totals.quiet += account.quiet;
    totals.exempt += account.exempt;
    for (const auto& action : account.actions) {
      ++totals.actions[std::string(policy::name(action.action))][std::string(rotation::name(action.status))];
    }
  }
  totals.waiting = report.waiting;
  for (const auto& [operation, count] : report.calls) totals.calls += count;
  return totals;
}

}  // namespace rekeyer::report
