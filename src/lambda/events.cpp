#include "lambda/events.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

#include "aws/http/json.hpp"
#include "aws/http/message.hpp"
#include "base/text.hpp"
#include "base/try.hpp"
#include "lambda/map_item.hpp"

namespace rekeyer::lambda {
namespace {

using aws::JsonValue;

constexpr std::size_t longest_run_name = 80;

std::unexpected<Error> wrong_event(std::string_view why) {
  return fail(ErrorKind::usage, fmt::format("event: {}", why));
}

/// What a rule or schedule sends where nobody has said what to send.
bool is_eventbridges_own(const JsonValue& event) {
  const auto source = event.optional_string("source");
  const auto type = event.optional_string("detail-type");
  return source && type && source->has_value() && type->has_value() && (*source)->starts_with("aws.");
}

Result<JsonValue> read_object(std::string_view event) {
  auto json = JsonValue::parse(event);
  if (!json) return wrong_event("it is not JSON");
  if (!json->is_object()) return wrong_event("it must be a JSON object");
  return json;
}

Result<> check_members(const JsonValue& event, std::span<const std::string_view> known) {
  for (const auto& [member, value] : event.members()) {
    if (std::ranges::find(known, member) != known.end()) continue;
    std::string list;
    for (const auto& each : known) list += fmt::format("{}{}", list.empty() ? "" : ", ", each);
    return wrong_event(fmt::format("unknown member \"{}\"; known are {}", member, list));
  }
  return {};
}

template <class T>
Result<T> as_event_error(Result<T> read) {
  if (!read) return wrong_event(read.error().message);
  return read;
}

Result<std::string> read_text(const JsonValue& event, std::string_view member) {
  TRY(const auto text, as_event_error(event.optional_string(member)));
  return std::string(text.value_or(std::string_view{}));
}

bool is_run_name(std::string_view text) {
  return !text.empty() && text.size() <= longest_run_name &&
         std::ranges::all_of(text, [](char c) { return is_alnum(c) || c == '-' || c == '_'; });
}

Result<std::string> read_run(const JsonValue& event) {
  TRY(auto run, read_text(event, "run"));
  if (!run.empty() && !is_run_name(run)) {
    return wrong_event("run: it must be 1 to 80 letters, digits, \"-\" and \"_\", as an execution's name is");
  }
  return run;
}

Result<std::optional<Work>> read_mode(const JsonValue& event, std::string_view member) {
  TRY(const auto text, as_event_error(event.optional_string(member)));
  if (!text) return std::nullopt;
  const auto work = parse_work(*text);
  if (!work) {
    return wrong_event(
        fmt::format("{}: it must be \"plan\", \"apply\", \"relock\" or \"relock-plan\", not \"{}\"", member, *text));
  }
  return work;
}

/// The older system took "true" in any case for yes, and everything else for "as deployed".
Result<bool> read_older_flag(const JsonValue& event, std::string_view member) {
  if (const auto flag = event.optional_boolean(member)) return flag->value_or(false);
  TRY(const auto text, as_event_error(event.optional_string(member)));
  if (!text || text->empty() || equal_ignoring_case(*text, "false")) return false;
  if (equal_ignoring_case(*text, "true")) return true;
  return wrong_event(fmt::format("{}: it must be true or false, not \"{}\"", member, *text));
}

Result<AccountEvent> read_older_form(const JsonValue& event) {
  static constexpr std::array<std::string_view, 5> known{"account", "name", "email", "ForceRotate", "dryrun"};
  TRY_VOID(check_members(event, known));
  AccountEvent account;
  TRY(const auto id, read_text(event, "account"));
  if (!valid_account_id(id)) return wrong_event(fmt::format("account: \"{}\" is not an account id: twelve digits", id));
  account.target.id = AccountId(id);
  TRY(account.target.name, read_text(event, "name"));
  TRY(account.target.email, read_text(event, "email"));
  TRY(const auto dryrun, read_older_flag(event, "dryrun"));
  if (dryrun) account.mode = Work{rotation::Mode::plan, false};
  TRY(const auto force, read_text(event, "ForceRotate"));
  if (!force.empty()) {  // one user's name, in which IAM allows commas
    if (!valid_user_name(force)) return wrong_event(fmt::format("ForceRotate: \"{}\" is not a user's name", force));
    account.force = {UserName(force)};
    account.target.users = account.force;
    account.target.users_required = true;
  }
  return account;
}

Result<AccountEvent> read_new_form(const JsonValue& event) {
  static constexpr std::array<std::string_view, 4> known{"run", "mode", "run_mode", "account"};
  TRY_VOID(check_members(event, known));
  AccountEvent account;
  TRY(account.run, read_run(event));
  TRY(account.mode, read_mode(event, "mode"));
  TRY(account.run_mode, read_mode(event, "run_mode"));
  TRY(const auto member, as_event_error(event.object("account")));
  auto item = read_item(member);
  if (!item) return wrong_event(item.error().message);
  account.target = std::move(item->target);
  account.changes = item->changes;
  return account;
}

}  // namespace

Result<RunEvent> read_run_event(std::string_view event) {
  TRY(const auto json, read_object(event));
  if (is_eventbridges_own(json)) return RunEvent{};
  static constexpr std::array<std::string_view, 2> known{"run", "mode"};
  TRY_VOID(check_members(json, known));
  RunEvent run;
  TRY(run.run, read_run(json));
  TRY(run.mode, read_mode(json, "mode"));
  return run;
}

Result<AccountEvent> read_account_event(std::string_view event) {
  TRY(const auto json, read_object(event));
  // The older form has the account's id as a text, the new one an object.
  if (const auto text = json.optional_string("account"); text && text->has_value()) return read_older_form(json);
  if (const auto object = json.optional_object("account"); object && object->has_value()) return read_new_form(json);
  return wrong_event("account: it must be an account id, or an object with one");
}

bool names_an_account(std::string_view event) {
  const auto json = JsonValue::parse(event);
  // EventBridge's own has a member of that name too: the account in which the rule or schedule is.
  if (!json || !json->is_object() || is_eventbridges_own(*json)) return false;
  return std::ranges::any_of(json->members(), [](const auto& member) { return member.first == "account"; });
}

}  // namespace rekeyer::lambda
