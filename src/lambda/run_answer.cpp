#include "lambda/run_answer.hpp"

#include "aws/http/json_writer.hpp"
#include "lambda/deployment.hpp"
#include "report/totals_json.hpp"
#include "rotation/run_counts.hpp"

namespace rekeyer::lambda {

void begin_run(aws::JsonWriter& json, const rotation::RunReport& report) {
  json.begin_object()
      .member("run", report.run.str())
      .member("mode", name(report.mode))
      .member("started", iso8601(report.started))
      .member("finished", iso8601(report.finished));
}

std::string run_answer(const rotation::RunReport& report) {
  aws::JsonWriter json;
  begin_run(json, report);
  json.member("interrupted", report.interrupted)
      .member("incomplete", report.incomplete)
      .member("failures", rotation::has_failures(report))
      .begin_array("failing_channels");
  for (const auto& channel : report.failing_channels) json.value(channel);
  json.end();
  report::write_totals(json, report);
  json.end();
  return json.finish_text();
}

}  // namespace rekeyer::lambda
