#include "lambda/metrics.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "aws/http/json_writer.hpp"
#include "lambda/deployment.hpp"
#include "rotation/run_counts.hpp"

namespace rekeyer::lambda {
namespace {

using std::chrono::floor;

struct Metric {
  std::string_view name;
  std::string_view unit;
  std::uint64_t value = 0;
};

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
  using policy::Action;
  using rotation::AccountStatus;
  using rotation::ActionStatus;
  using rotation::RowKind;
  const auto counts = rotation::count(report);
  const auto& rows = counts.rows;
  const auto duration = floor<std::chrono::seconds>(report.finished - report.started).count();
  const std::array metrics{
      Metric{"KeysRotated", "Count", rows.of(Action::rotate, ActionStatus::done)},
      Metric{"KeysDeactivated", "Count", rows.of(Action::deactivate, ActionStatus::done)},
      Metric{"KeysDeleted", "Count", rows.of(Action::remove, ActionStatus::done)},
      Metric{"KeysDue", "Count", rows.of(RowKind::due)},
      Metric{"KeysHeld", "Count", rows.of(RowKind::held)},
      Metric{"KeysFailed", "Count", rows.of(RowKind::failed)},
      Metric{"UsersUnowned", "Count", rows.of(RowKind::unowned)},
      Metric{"UsersUndeliverable", "Count", rows.of(RowKind::undeliverable)},
      Metric{"OldestKeyAge", "None", oldest_key_days(report, report.finished)},
      Metric{"Accounts", "Count", counts.accounts(AccountStatus::done)},
      Metric{"AccountsDenied", "Count", counts.accounts(AccountStatus::denied)},
      Metric{"AccountsFailed", "Count", counts.accounts(AccountStatus::failed)},
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
