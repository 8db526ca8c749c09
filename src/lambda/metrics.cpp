#include "lambda/metrics.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "aws/http/json_writer.hpp"
#include "lambda/deployment.hpp"
#include "lambda/tally.hpp"
#include "report/report.hpp"

namespace rekeyer::lambda {
namespace {

using std::chrono::floor;

struct Metric {
  std::string_view name;
  std::string_view unit;
  std::uint64_t value = 0;
};

std::uint64_t number_of(const report::Totals& totals, const char* action, const char* status) {
  const auto statuses = totals.actions.find(action);
  if (statuses == totals.actions.end()) return 0;
  const auto found = statuses->second.find(status);
  return found == statuses->second.end() ? 0 : found->second;
}

std::uint64_t oldest_key_days(const rotation::RunReport& report, Instant now) {
  std::uint64_t most = 0;
  for (const auto& account : report.accounts) {
    for (const auto& key : account.oldest) {
      if (key.created > now) continue;
      most = std::max(most, static_cast<std::uint64_t>(floor<std::chrono::days>(now - key.created).count()));
    }
  }
  return most;
}

}  // namespace

std::string metrics_line(const rotation::RunReport& report, std::size_t mails_refused, const std::string& deployment,
                         Instant now) {
  const auto totals = report::totals_of(report);
  Tally tally;
  for (const auto& account : report.accounts) count(account.actions, tally);
  const auto duration = floor<std::chrono::seconds>(report.finished - report.started).count();
  const std::array metrics{
      Metric{"KeysRotated", "Count", number_of(totals, "rotate", "done")},
      Metric{"KeysDeactivated", "Count", number_of(totals, "deactivate", "done")},
      Metric{"KeysDeleted", "Count", number_of(totals, "delete", "done")},
      Metric{"KeysDue", "Count", tally.due},
      Metric{"KeysHeld", "Count", tally.held},
      Metric{"KeysFailed", "Count", tally.failed},
      Metric{"OldestKeyAge", "None", oldest_key_days(report, report.finished)},
      Metric{"Accounts", "Count", totals.accounts_done},
      Metric{"AccountsDenied", "Count", totals.accounts_denied},
      Metric{"AccountsFailed", "Count", totals.accounts_failed},
      Metric{"MailsRefused", "Count", mails_refused},
      Metric{"Duration", "Seconds", static_cast<std::uint64_t>(std::max<std::int64_t>(duration, 0))},
  };
  aws::JsonWriter json;
  json.begin_object();
  json.begin_object("_aws").member("Timestamp", now.time_since_epoch().count());
  json.begin_array("CloudWatchMetrics").begin_object().member("Namespace", "rekeyer");
  json.begin_array("Dimensions").begin_array().value("Deployment").end().end();
  json.begin_array("Metrics");
  for (const auto& metric : metrics) {
    json.begin_object().member("Name", metric.name).member("Unit", metric.unit).end();
  }
  json.end().end().end().end();
  json.member("Deployment", deployment).member("run", report.run.str());
  json.member("mode", name(report.mode));
  for (const auto& metric : metrics) json.member(metric.name, metric.value);
  json.end();
  return json.finish_text();
}

}  // namespace rekeyer::lambda
