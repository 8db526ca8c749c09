// The report as CSV, one line an action.
#include "base/csv.hpp"

#include <fmt/format.h>

#include "policy/decision.hpp"
#include "report/report.hpp"

namespace rekeyer::report {

void write_csv(const rotation::RunReport& report, const Sink& sink) {
  sink("account,account_name,user,key,action,reason,due,status,detail\r\n");
  for (const auto& account : report.accounts) {
    std::string text;
    for (const auto& action : account.actions) {
      text += fmt::format("{},{},{},{},{},{},{},{},{}\r\n", csv_cell(action.account.str()), csv_cell(account.name),
                          csv_cell(action.user.str()), csv_cell(action.key.str()), policy::name(action.action),
                          csv_cell(name(action.reason)), action.due ? iso8601(*action.due) : std::string(),
                          rotation::name(action.status), csv_cell(action.detail));
    }
    if (!text.empty()) sink(text);
  }
}

std::string to_csv(const rotation::RunReport& report) {
  std::string text;
  write_csv(report, [&](std::string_view more) { text += more; });
  return text;
}

}  // namespace rekeyer::report
