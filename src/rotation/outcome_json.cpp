#include "rotation/outcome_json.hpp"

#include <fmt/format.h>

#include "aws/http/json.hpp"
#include "aws/http/json_writer.hpp"
#include "base/enum_names.hpp"
#include "base/try.hpp"

namespace rekeyer::rotation {
namespace {

using aws::JsonValue;
/// The enumerator whose name stands in the member.
template <class Word>
Result<Word> named(const JsonValue& json, std::string_view member, Word last) {
  TRY(const auto text, json.string(member));
  if (const auto word = enumerator_named(text, last)) return *word;
  return fail(ErrorKind::bad_reply, fmt::format("{}: unknown word \"{}\"", member, text));
}

Result<std::string> text_of(const JsonValue& json, std::string_view member) {
  TRY(const auto text, json.optional_string(member));
  return std::string(text.value_or(std::string_view{}));
}

Result<OutcomeReason> reason_of(const JsonValue& json) {
  TRY(const auto text, json.string("reason"));
  if (const auto reason = parse_outcome_reason(text)) return *reason;
  return fail(ErrorKind::bad_reply, fmt::format("reason: unknown word \"{}\"", text));
}

Result<std::size_t> count_of(const JsonValue& json, std::string_view member) {
  TRY(const auto number, json.integer(member));
  if (number < 0) return fail(ErrorKind::bad_reply, fmt::format("{}: less than nothing", member));
  return static_cast<std::size_t>(number);
}

void write_action(aws::JsonWriter& json, const ActionOutcome& action) {
  json.begin_object()
      .member("user", action.user.str())
      .member("key", action.key.str())
      .member("action", policy::name(action.action))
      .member("reason", name(action.reason))
      .member("status", name(action.status))
      .member("detail", action.detail);
  if (action.due) json.member("due", iso8601(*action.due));
  json.end();
}

Result<ActionOutcome> read_action(const JsonValue& json, const AccountId& account) {
  ActionOutcome action;
  action.account = account;
  TRY(const auto user, text_of(json, "user"));
  action.user = UserName(user);
  TRY(const auto key, text_of(json, "key"));
  action.key = AccessKeyId(key);
  TRY(action.action, named(json, "action", policy::last_action));
  TRY(action.reason, reason_of(json));
  TRY(action.status, named(json, "status", last_action_status));
  TRY(action.detail, text_of(json, "detail"));
  TRY(action.due, json.optional_time("due"));
  return action;
}

Result<OldKey> read_old_key(const JsonValue& json) {
  OldKey key;
  TRY(const auto user, text_of(json, "user"));
  key.user = UserName(user);
  TRY(const auto id, text_of(json, "key"));
  key.key = AccessKeyId(id);
  TRY(key.created, json.time("created"));
  return key;
}

}  // namespace

void write_members(aws::JsonWriter& json, const AccountOutcome& outcome) {
  json.member("id", outcome.id.str())
      .member("name", outcome.name)
      .member("email", outcome.email)
      .member("status", name(outcome.status))
      .member("reason", outcome.reason)
      .member("users", outcome.users)
      .member("quiet", outcome.quiet)
      .member("exempt", outcome.exempt)
      .member("turns_a_year", outcome.turns_a_year)
      .member("looked_at", outcome.looked_at);
  if (outcome.report_made) json.member("report_made", iso8601(*outcome.report_made));
  json.begin_array("actions");
  for (const auto& action : outcome.actions) write_action(json, action);
  json.end();
  json.begin_array("oldest");
  for (const auto& key : outcome.oldest) {
    json.begin_object()
        .member("user", key.user.str())
        .member("key", key.key.str())
        .member("created", iso8601(key.created))
        .end();
  }
  json.end();
  if (!outcome.fitting) return;
  json.begin_object("fitting").begin_array("rules");  // absent and empty are two things
  for (const auto& words : *outcome.fitting) json.value(words);
  json.end().end();
}

Result<AccountOutcome> read_outcome(const JsonValue& json) {
  AccountOutcome outcome;
  TRY(const auto id, json.string("id"));
  if (!valid_account_id(id)) return fail(ErrorKind::bad_reply, "id: not an account id");
  outcome.id = AccountId(std::string(id));
  TRY(outcome.name, text_of(json, "name"));
  TRY(outcome.email, text_of(json, "email"));
  TRY(outcome.status, named(json, "status", last_account_status));
  TRY(outcome.reason, text_of(json, "reason"));
  TRY(outcome.users, count_of(json, "users"));
  TRY(outcome.quiet, count_of(json, "quiet"));
  TRY(outcome.exempt, count_of(json, "exempt"));
  TRY(outcome.turns_a_year, count_of(json, "turns_a_year"));
  TRY(outcome.looked_at, count_of(json, "looked_at"));
  TRY(outcome.report_made, json.optional_time("report_made"));
  TRY(const auto rows, json.optional_array("actions"));
  for (const auto& row : rows) {
    TRY(auto action, read_action(row, outcome.id));
    outcome.actions.push_back(std::move(action));
  }
  TRY(const auto oldest, json.optional_array("oldest"));
  for (const auto& row : oldest) {
    TRY(auto key, read_old_key(row));
    outcome.oldest.push_back(std::move(key));
  }
  TRY(const auto fitting, json.optional_object("fitting"));
  if (fitting) {
    TRY(const auto words, fitting->optional_strings("rules"));
    outcome.fitting.emplace(words.begin(), words.end());
  }
  return outcome;
}

std::string to_json(const AccountOutcome& outcome) {
  aws::JsonWriter json;
  json.begin_object();
  write_members(json, outcome);
  return json.finish_text();
}

Result<AccountOutcome> parse_outcome(std::string_view text) {
  TRY(const auto json, aws::JsonValue::parse(text));
  return read_outcome(json);
}

}  // namespace rekeyer::rotation
