// The report as CSV, one line an action.
#include <fmt/format.h>

#include "policy/decision.hpp"
#include "report/report.hpp"

namespace rekeyer::report {
namespace {

/// Quoted where needed. Names come from AWS accounts that others control, so a cell that begins like a formula gets a
/// quote in front: spreadsheets would run it.
std::string cell(std::string_view text) {
  std::string content;
  if (!text.empty() && std::string_view("=+-@\t\r\n").find(text.front()) != std::string_view::npos) content = "'";
  content += text;
  if (content.find_first_of(",\"\r\n") == std::string::npos) return content;
  std::string quoted = "\"";
  for (const char c : content) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace

void write_csv(const rotation::RunReport& report, const Sink& sink) {
  sink("account,account_name,user,key,action,reason,due,status,detail\r\n");
  for (const auto& account : report.accounts) {
    std::string text;
    for (const auto& action : account.actions) {
      text += fmt::format("{},{},{},{},{},{},{},{},{}\r\n", cell(action.account.str()), cell(account.name),
                          cell(action.user.str()), cell(action.key.str()), policy::name(action.action),
                          cell(action.reason), action.due ? iso8601(*action.due) : std::string(),
                          rotation::name(action.status), cell(action.detail));
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
