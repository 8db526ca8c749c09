#include "lambda/metrics.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "aws/http/json_writer.hpp"
#include "report/report.hpp"

namespace rekeyer::lambda {
namespace {

using std::chrono::floor;

struct Metric {
  std::string_view name;
  std::string_view unit;
  std::uint64_t value = 0;
};

std::uint64_t count(const report::Totals& totals, const char* action, const char* status) {
  const auto statuses = totals.actions.find(action);
  if (statuses == totals.actions.end()) return 0;
  const auto found = statuses->second.find(status);
  return found == statuses->second.end() ? 0 : found->second;
}

/// Changes of keys that are in that state.
std::uint64_t changes(const rotation::RunReport& report, rotation::ActionStatus status) {
  std::uint64_t number = 0;
  for (const auto& account : report.accounts) {
    number += static_cast<std::uint64_t>(std::ranges::count_if(account.actions, [&](const auto& action) {
      return rotation::is_change(action.action) && action.status == status;
    }));
  }
  return number;
}

std::uint64_t with_status(const rotation::RunReport& report, rotation::ActionStatus status) {
  std::uint64_t number = 0;
  for (const auto& account : report.accounts) {
    number += static_cast<std::uint64_t>(std::ranges::count(account.actions, status, &rotation::ActionOutcome::status));
  }
  return number;
}

/// Things that wait for something: holds of the policy, and changes that limits or another run put off. Not exemptions.
std::uint64_t held(const rotation::RunReport& report) {
  std::uint64_t number = 0;
  for (const auto& account : report.accounts) {
    number += static_cast<std::uint64_t>(std::ranges::count_if(account.actions, [](const auto& action) {
      return action.status == rotation::ActionStatus::held && action.action != policy::Action::exempt;
    }));
  }
  return number;
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
  const auto duration = floor<std::chrono::seconds>(report.finished - report.started).count();
  const std::array metrics{
      Metric{"KeysRotated", "Count", count(totals, "rotate", "done")},
      Metric{"KeysDeactivated", "Count", count(totals, "deactivate", "done")},
      Metric{"KeysDeleted", "Count", count(totals, "delete", "done")},
      Metric{"KeysDue", "Count", changes(report, rotation::ActionStatus::planned)},
      Metric{"KeysHeld", "Count", held(report)},
      Metric{"KeysFailed", "Count", with_status(report, rotation::ActionStatus::failed)},
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
  json.member("mode", report.mode == rotation::Mode::plan ? "plan" : "apply");
  for (const auto& metric : metrics) json.member(metric.name, metric.value);
  json.end();
  return json.finish_text();
}

}  // namespace rekeyer::lambda
