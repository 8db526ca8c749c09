// The credential report: its columns and its age. Asking for it makes IAM compile one of the whole account, which
// changes nothing; what it says of others is not told.
#include <algorithm>
#include <array>
#include <vector>

#include "aws/services/credential_report.hpp"
#include "base/base64.hpp"
#include "base/text.hpp"
#include "base/try.hpp"
#include "probe/check.hpp"

namespace rekeyer::probe {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view needed_columns[] = {
    "user",
    "access_key_1_active",
    "access_key_1_last_rotated",
    "access_key_1_last_used_date",
    "access_key_1_last_used_service",
    "access_key_1_last_used_region",
    "access_key_2_active",
    "access_key_2_last_rotated",
    "access_key_2_last_used_date",
    "access_key_2_last_used_service",
    "access_key_2_last_used_region",
};

struct Report {
  std::string text;
  Instant generated{};
};

ResultTask<Report> fetch_report(Bench& bench) {
  // The client waits until it is complete.
  CO_TRY_VOID(co_await bench.iam().credential_report());
  const auto answer = co_await bench.caller().query(aws::services::iam, "GetCredentialReport");
  if (answer.refusal) co_return fail(*answer.refusal);
  CO_TRY(const auto content, answer.xml.text("Content"));
  CO_TRY(const auto generated, answer.xml.time("GeneratedTime"));
  const auto text = base64_decode(content);
  if (!text) co_return fail(ErrorKind::bad_reply, "the report is not in base64");
  co_return Report{std::string(*text), generated};
}

ResultTask<Finding> report_columns(Bench& bench) {
  CO_TRY(const auto report, co_await fetch_report(bench));
  const auto header = trimmed(split(report.text, '\n').front());
  const auto columns = split(header, ',');
  std::string missing;
  for (const auto column : needed_columns) {
    if (std::ranges::find(columns, column) == columns.end()) missing += fmt::format(" {}", column);
  }
  co_return judged(missing.empty(),
                   missing.empty() ? fmt::format("{} columns: {}", columns.size(), header) : "missing:" + missing);
}

ResultTask<Finding> report_begins_with_root(Bench& bench) {
  CO_TRY(const auto report, co_await fetch_report(bench));
  const auto lines = split(report.text, '\n');
  const bool root = lines.size() > 1 && lines[1].starts_with("<root_account>,");
  co_return judged(root, root ? "the first row is <root_account>" : "the first row is somebody else's");
}

ResultTask<Finding> report_age(Bench& bench) {
  CO_TRY(const auto report, co_await fetch_report(bench));
  const auto age = bench.clock().now() - report.generated;
  co_return judged(
      age >= -5min && age <= 4h + 5min,
      fmt::format("{} old", describe_period(std::chrono::floor<Period>(std::max<Milliseconds>(age, 0ms)))));
}

ResultTask<Finding> report_is_reused(Bench& bench) {
  CO_TRY(const auto first, co_await fetch_report(bench));
  co_await bench.clock().sleep_for(2s);
  CO_TRY(const auto second, co_await fetch_report(bench));
  co_return judged(first.generated == second.generated,
                   first.generated == second.generated ? "the same report" : "a new report");
}

}  // namespace

std::span<const Check> report_checks() {
  static constexpr std::array checks{
      Check{"iam.report-columns", "The credential report has the columns that are read, by these names",
            "src/aws/services/credential_report.cpp", Takes::a_moment, report_columns},
      Check{"iam.report-root-first", "Its first row is the root user's", "src/aws/services/credential_report.cpp",
            Takes::a_moment, report_begins_with_root},
      Check{"iam.report-age", "It is at most four hours old", "src/rotation/survey.cpp", Takes::a_moment, report_age},
      Check{"iam.report-reused", "Asked for again, the same report comes", "src/rotation/survey.cpp", Takes::a_while,
            report_is_reused},
  };
  return checks;
}

}  // namespace rekeyer::probe
