#include "doctor/output.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "aws/http/json_writer.hpp"
#include "report/terminal_text.hpp"

namespace rekeyer::doctor {
namespace {

constexpr std::size_t named_accounts = 5;
constexpr Status statuses[] = {Status::ok, Status::warning, Status::problem, Status::not_checked};

std::size_t count(const Checks& checks, Status status) {
  return static_cast<std::size_t>(std::ranges::count(checks, status, &Check::status));
}

/// For programs.
std::string_view identifier(Status status) { return status == Status::not_checked ? "not_checked" : name(status); }

std::string_view colour_of(Status status) {
  switch (status) {
    case Status::ok: return "32";
    case Status::warning: return "33;1";
    case Status::problem: return report::alarming;
    case Status::not_checked: return report::dim;
  }
  return "";
}

/// Accounts that are fine are counted; the others are named, as far as that helps.
std::string accounts_text(const Check& check) {
  if (check.status == Status::ok || check.accounts.empty()) return {};
  std::string text = " (";
  const auto shown = std::min(check.accounts.size(), named_accounts);
  for (std::size_t i = 0; i < shown; ++i) {
    const auto& account = check.accounts[i];
    text += (i == 0 ? "" : ", ") + account.str();
    if (const auto count = check.counts.find(account); count != check.counts.end()) {
      text += fmt::format(": {}", count->second);
    }
  }
  if (shown < check.accounts.size()) text += fmt::format(" and {} more", check.accounts.size() - shown);
  return text + ")";
}

}  // namespace

std::string to_table(const Checks& checks, const report::Style& style) {
  const report::Painter paint(style);
  std::size_t status_width = 0;
  std::size_t name_width = 0;
  for (const auto& check : checks) {
    status_width = std::max(status_width, name(check.status).size());
    name_width = std::max(name_width, name(check.topic).size());
  }
  std::string table;
  for (const auto& check : checks) {
    const auto status = report::padded(name(check.status), status_width);
    table += fmt::format("{}  {}  {}\n", paint(colour_of(check.status), status),
                         report::padded(name(check.topic), name_width),
                         report::printable(check.finding + accounts_text(check)));
    if (check.remedy.empty()) continue;
    table +=
        fmt::format("{}  → {}\n", std::string(status_width + name_width + 2, ' '), report::printable(check.remedy));
  }
  return table;
}

std::string to_json(const Checks& checks) {
  aws::JsonWriter json;
  json.begin_object().begin_array("checks");
  for (const auto& check : checks) {
    json.begin_object()
        .member("name", name(check.topic))
        .member("status", identifier(check.status))
        .member("finding", check.finding)
        .member("remedy", check.remedy);
    json.begin_array("accounts");
    for (const auto& account : check.accounts) json.value(account.str());
    json.end();
    if (!check.counts.empty()) {
      json.begin_object("counts");
      for (const auto& [account, count] : check.counts) json.member(account.str(), count);
      json.end();
    }
    json.end();
  }
  json.end().begin_object("totals");
  for (const auto status : statuses) json.member(identifier(status), count(checks, status));
  json.end().end();
  return json.finish_text() + "\n";
}

std::string summary(const Checks& checks) {
  return fmt::format("{} ok, {}, {}, {} not checked", count(checks, Status::ok),
                     report::counted(count(checks, Status::warning), "warning"),
                     report::counted(count(checks, Status::problem), "problem"), count(checks, Status::not_checked));
}

}  // namespace rekeyer::doctor
