#include "lambda/account_record.hpp"

#include <fmt/format.h>

#include "aws/http/json.hpp"
#include "aws/http/json_writer.hpp"
#include "base/try.hpp"
#include "rotation/outcome_json.hpp"

namespace rekeyer::lambda {
namespace {

Result<std::uint64_t> count_of(const aws::JsonValue& json, std::string_view member) {
  TRY(const auto number, json.integer(member));
  if (number < 0) return fail(ErrorKind::bad_reply, fmt::format("{}: less than nothing", member));
  return static_cast<std::uint64_t>(number);
}

}  // namespace

std::string to_json(const AccountRecord& record) {
  aws::JsonWriter json;
  json.begin_object();
  rotation::write_members(json, record.outcome);
  json.member("started", iso8601(record.started))
      .member("finished", iso8601(record.finished))
      .member("mails_refused", record.mails_refused);
  json.begin_array("failing_channels");
  for (const auto& channel : record.failing_channels) json.value(channel);
  json.end();
  json.begin_object("calls");
  for (const auto& [operation, count] : record.calls) json.member(operation, count);
  json.end();
  json.end();
  return json.finish_text() + "\n";
}

Result<AccountRecord> parse_record(std::string_view text) {
  TRY(const auto json, aws::JsonValue::parse(text));
  AccountRecord record;
  TRY(record.outcome, rotation::read_outcome(json));
  TRY(record.started, json.time("started"));
  TRY(record.finished, json.time("finished"));
  TRY(record.mails_refused, count_of(json, "mails_refused"));
  TRY(const auto channels, json.optional_strings("failing_channels"));
  record.failing_channels.assign(channels.begin(), channels.end());
  TRY(const auto calls, json.object("calls"));
  for (const auto& [operation, value] : calls.members()) {
    TRY(const auto count, count_of(calls, operation));
    record.calls.emplace(operation, count);
  }
  return record;
}

}  // namespace rekeyer::lambda
