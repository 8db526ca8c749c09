#include "lambda/run_folder.hpp"

#include <fmt/format.h>

#include "aws/http/json_writer.hpp"
#include "base/try.hpp"
#include "lambda/merge.hpp"
#include "lambda/run_answer.hpp"
#include "report/report.hpp"
#include "report/totals_json.hpp"

namespace rekeyer::lambda {
namespace {

/// Ten thousand accounts are two megabytes; a report of a bad day with a million rows is larger, and never read here.
constexpr std::size_t most_bytes = std::size_t{64} << 20;
/// Two writers at most meet on one object; each round somebody gets on.
constexpr int most_rounds = 8;
constexpr std::string_view json_type = "application/json";

std::string object_of(rotation::Mode pass, const AccountId& account) {
  return fmt::format("{}/{}.json", name(pass), account);
}

/// A broken object is nobody's bad input: somebody changed it, or two editions of rekeyer met.
template <class T>
Result<T> at_object(Result<T> parsed, const std::string& key) {
  if (parsed) return parsed;
  auto error = in_context(std::move(parsed).error(), key);
  error.kind = ErrorKind::bad_reply;
  return fail(std::move(error));
}

std::string skipped_json(const std::vector<rotation::AccountTarget>& targets) {
  aws::JsonWriter json;
  json.begin_array();
  for (const auto& target : targets) {
    json.begin_object()
        .member("id", target.id.str())
        .member("name", target.name)
        .member("reason", target.skip.value_or(""))
        .end();
  }
  json.end();
  return json.finish_text() + "\n";
}

Result<std::vector<rotation::AccountTarget>> parse_skipped(std::string_view text) {
  TRY(const auto json, aws::JsonValue::parse(text));
  TRY(const auto elements, json.as_array());
  std::vector<rotation::AccountTarget> targets;
  for (const auto& element : elements) {
    rotation::AccountTarget target;
    TRY(const auto id, element.string("id"));
    target.id = AccountId(std::string(id));
    TRY(const auto account_name, element.string("name"));
    target.name = std::string(account_name);
    TRY(const auto reason, element.string("reason"));
    target.skip = std::string(reason);
    targets.push_back(std::move(target));
  }
  return targets;
}

/// What `rekeyer doctor` looks at.
std::string latest_json(const rotation::RunReport& report) {
  aws::JsonWriter json;
  begin_run(json, report);
  json.member("incomplete", report.incomplete).begin_array("fits_nobody");
  for (const auto& rule : report.fits_nobody) json.value(rule);
  json.end();
  report::write_totals(json, report);
  json.end();
  return json.finish_text() + "\n";
}

}  // namespace

RunFolder::RunFolder(aws::S3Client s3, S3Folder runs, std::string run)
    : s3_(std::move(s3)), runs_(std::move(runs)), run_(std::move(run)) {}

std::string RunFolder::key(std::string_view object) const {
  return fmt::format("{}{}{}/{}", runs_.prefix, runs_.prefix.empty() ? "" : "/", run_, object);
}

std::string RunFolder::place(std::string_view object) const {
  return fmt::format("s3://{}/{}", runs_.bucket, key(object));
}

ResultTask<std::optional<std::string>> RunFolder::read(std::string object) {
  auto text = co_await s3_.object(runs_.bucket, key(object), most_bytes);
  if (!text && text.error().kind == ErrorKind::not_found) co_return std::nullopt;
  if (!text) co_return fail(in_context(std::move(text).error(), place(object)));
  co_return std::move(*text);
}

ResultTask<> RunFolder::write(std::string object, std::string text, std::string type) {
  auto written =
      co_await s3_.put_object(runs_.bucket, key(object), std::move(text), std::move(type), aws::WriteIf::always());
  if (!written) {
    co_return fail(in_context(std::move(written).error(), place(object)));
  }
  co_return Result<>{};
}

ResultTask<> RunFolder::put_accounts(std::vector<MapItem> accounts, std::vector<rotation::AccountTarget> skipped) {
  CO_TRY_VOID(co_await write("skipped.json", skipped_json(skipped), std::string(json_type)));
  co_return co_await write("accounts.json", to_json(accounts), std::string(json_type));
}

ResultTask<std::vector<MapItem>> RunFolder::accounts() {
  CO_TRY(const auto text, co_await read("accounts.json"));
  if (!text) {
    co_return fail(ErrorKind::not_found, fmt::format("{} is not there: inventory comes first", place("accounts.json")));
  }
  co_return at_object(parse_items(*text), key("accounts.json"));
}

ResultTask<std::vector<rotation::AccountTarget>> RunFolder::skipped() {
  CO_TRY(const auto text, co_await read("skipped.json"));
  if (!text) co_return std::vector<rotation::AccountTarget>{};
  co_return at_object(parse_skipped(*text), key("skipped.json"));
}

ResultTask<> RunFolder::put_allotted(std::vector<MapItem> accounts) {
  co_return co_await write("allotted.json", to_json(accounts), std::string(json_type));
}

ResultTask<std::optional<std::vector<MapItem>>> RunFolder::allotted() {
  CO_TRY(const auto text, co_await read("allotted.json"));
  if (!text) co_return std::nullopt;
  CO_TRY(auto items, at_object(parse_items(*text), key("allotted.json")));
  co_return std::optional(std::move(items));
}

ResultTask<std::optional<KeptRecord>> RunFolder::record(rotation::Mode pass, AccountId account) {
  const auto object = object_of(pass, account);
  auto found = co_await s3_.tagged_object(runs_.bucket, key(object), most_bytes);
  if (!found && found.error().kind == ErrorKind::not_found) co_return std::nullopt;
  if (!found) co_return fail(in_context(std::move(found).error(), place(object)));
  CO_TRY(auto record, at_object(parse_record(found->bytes), key(object)));
  co_return KeptRecord{std::move(record), std::move(found->etag)};
}

ResultTask<AccountRecord> RunFolder::add_record(rotation::Mode pass, AccountRecord record,
                                                std::optional<KeptRecord> before) {
  const auto account = record.outcome.id;
  const auto object = object_of(pass, account);
  Error last;
  std::string sent;
  for (int round = 0; round < most_rounds; ++round) {
    const auto whole = before ? merged(before->record, record) : record;
    const auto condition = before ? aws::WriteIf::unchanged(before->etag) : aws::WriteIf::absent();
    sent = to_json(whole);
    const auto written = co_await s3_.put_object(runs_.bucket, key(object), sent, std::string(json_type), condition);
    if (written) co_return whole;
    last = written.error();
    // Somebody else wrote in between; or an attempt of ours did.
    const bool read_again = last.kind == ErrorKind::conflict || last.kind == ErrorKind::outcome_unknown ||
                            last.kind == ErrorKind::not_found;
    if (!read_again) break;
    CO_TRY(before, co_await this->record(pass, account));
    // What an attempt of ours wrote, whose reply was lost, is not merged with itself: its calls would count twice.
    if (before && to_json(before->record) == sent) co_return before->record;
  }
  co_return fail(in_context(std::move(last), place(object)));
}

ResultTask<> RunFolder::put_report(const rotation::RunReport& report, Work work) {
  CO_TRY_VOID(co_await write("report.csv", report::to_csv(report), "text/csv"));
  CO_TRY_VOID(co_await write("report.json", report::to_json(report), std::string(json_type)));
  if (work.relock) co_return Result<>{};
  const auto latest = fmt::format("{}{}latest.json", runs_.prefix, runs_.prefix.empty() ? "" : "/");
  co_return co_await s3_.put_object(runs_.bucket, latest, latest_json(report), std::string(json_type),
                                    aws::WriteIf::always());
}

}  // namespace rekeyer::lambda
