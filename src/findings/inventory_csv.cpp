// The inventory as CSV, for spreadsheets: columns are only added, at the end.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/csv.hpp"
#include "findings/output.hpp"

namespace rekeyer::findings {
namespace {

constexpr std::string_view heading =
    "account,account_name,user,user_id,path,key,status,created,age_days,last_used,last_used_service,last_used_region,"
    "last_used_by_owner,state,decision,reason,detail,rule,next,next_at,owners,owner_source,exempt_reason,exempt_until,"
    "exempt_source,secret,password,password_last_used,password_changed,mfa,signing_certificates\r\n";

std::string when(const std::optional<Instant>& instant) { return instant ? iso8601(*instant) : std::string(); }

/// "never", "unknown", or an instant.
std::string when(const LastUse& use) {
  switch (use.state) {
    case LastUse::State::unknown: return "unknown";
    case LastUse::State::never: return "never";
    case LastUse::State::used: return iso8601(use.at);
  }
  return {};
}

std::string_view yes_no(const std::optional<bool>& flag) { return !flag ? "" : *flag ? "yes" : "no"; }

std::string key_cells(const KeyEntry& key, Instant taken) {
  return fmt::format(
      "{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}", csv_cell(key.id.str()), status_word(key.status),
      when(key.created), key.created ? fmt::format("{}", age_in_days(*key.created, taken)) : std::string(),
      when(key.last_use), csv_cell(key.last_use.service), csv_cell(key.last_use.region), when(key.owner_use),
      name(key.state), policy::name(key.decision), policy::name(key.reason), csv_cell(key.detail), csv_cell(key.rule),
      key.next ? policy::name(*key.next) : std::string_view(), when(key.next_at));
}

}  // namespace

std::string inventory_csv(const Inventory& inventory) {
  std::string text(heading);
  for (const auto& user : inventory.users) {
    const auto first = fmt::format("{},{},{},{},{}", csv_cell(user.account.str()), csv_cell(user.account_name),
                                   csv_cell(user.name.str()), csv_cell(user.id.str()), csv_cell(user.path));
    const auto& exemption = user.exemption;
    const auto last = fmt::format(
        "{},{},{},{},{},{},{},{},{},{},{}", csv_cell(fmt::format("{}", fmt::join(user.owners, " "))),
        csv_cell(user.owner_source), csv_cell(exemption ? exemption->reason : std::string()),
        exemption ? when(exemption->until) : std::string(), csv_cell(exemption ? exemption->source : std::string()),
        csv_cell(user.secret.str()), yes_no(user.login.password), when(user.login.password_last_used),
        when(user.login.password_changed), yes_no(user.login.mfa), user.login.certificates);
    for (const auto& key : user.keys) {
      text += fmt::format("{},{},{}\r\n", first, key_cells(key, inventory.taken), last);
    }
    if (user.keys.empty()) text += fmt::format("{},,,,,,,,,,,,,,,,{}\r\n", first, last);
  }
  return text;
}

}  // namespace rekeyer::findings
