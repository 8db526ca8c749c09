// The report as JSON: stable names, stable order.
#include "aws/http/json_writer.hpp"
#include "policy/decision.hpp"
#include "report/report.hpp"
#include "report/totals_json.hpp"

namespace rekeyer::report {
namespace {

constexpr std::size_t piece = 64 * 1024;

void write_run(aws::JsonWriter& json, const rotation::RunReport& report) {
  json.begin_object("run")
      .member("id", report.run.str())
      .member("started", iso8601(report.started))
      .member("finished", iso8601(report.finished))
      .member("mode", report.mode == rotation::Mode::plan ? "plan" : "apply")
      .member("interrupted", report.interrupted)
      .member("incomplete", report.incomplete)
      .begin_array("failing_channels");
  for (const auto& channel : report.failing_channels) json.value(channel);
  json.end().begin_array("fits_nobody");
  for (const auto& rule : report.fits_nobody) json.value(rule);
  json.end().end();
}

void write_account(aws::JsonWriter& json, const rotation::AccountOutcome& account) {
  json.begin_object()
      .member("id", account.id.str())
      .member("name", account.name)
      .member("status", rotation::name(account.status))
      .member("reason", account.reason)
      .member("users", account.users)
      .member("quiet", account.quiet)
      .member("exempt", account.exempt);
  if (account.report_made) json.member("report_made", iso8601(*account.report_made));
  json.end();
}

void write_action(aws::JsonWriter& json, const rotation::ActionOutcome& action) {
  json.begin_object()
      .member("account", action.account.str())
      .member("user", action.user.str())
      .member("key", action.key.str())
      .member("action", policy::name(action.action))
      .member("reason", name(action.reason));
  if (action.due) {
    json.member("due", iso8601(*action.due));
  } else {
    json.null_member("due");
  }
  json.member("status", rotation::name(action.status)).member("detail", action.detail).end();
}

}  // namespace

void write_json(const rotation::RunReport& report, const Sink& sink) {
  aws::JsonWriter json;
  const auto pass_on = [&] {
    if (json.size() >= piece) sink(json.take_text());
  };
  json.begin_object();
  write_run(json, report);
  json.begin_array("accounts");
  for (const auto& account : report.accounts) {
    write_account(json, account);
    pass_on();
  }
  json.end();
  json.begin_array("actions");
  for (const auto& account : report.accounts) {
    for (const auto& action : account.actions) write_action(json, action);
    pass_on();
  }
  json.end();
  write_totals(json, report);
  json.end();
  sink(json.finish_text() + "\n");
}

std::string to_json(const rotation::RunReport& report) {
  std::string text;
  write_json(report, [&](std::string_view more) { text += more; });
  return text;
}

}  // namespace rekeyer::report
