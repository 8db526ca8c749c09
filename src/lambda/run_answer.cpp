#include "lambda/run_answer.hpp"

#include "aws/http/json_writer.hpp"
#include "lambda/deployment.hpp"
#include "report/totals_json.hpp"
#include "rotation/run_counts.hpp"

namespace rekeyer::lambda {

void write_run(aws::JsonWriter& json, const rotation::RunReport& report) {
  json.member("run", report.run.str())
      .member("mode", name(report.mode))
      .member("started", iso8601(report.started))
      .member("finished", iso8601(report.finished))
      .member("incomplete", report.incomplete);
  report::write_totals(json, report);
}

std::string run_answer(const rotation::RunReport& report) {
  aws::JsonWriter json;
  json.begin_object();
  write_run(json, report);
  json.member("interrupted", report.interrupted)
      .member("failures", rotation::has_failures(report))
      .begin_array("failing_channels");
  for (const auto& channel : report.failing_channels) json.value(channel);
  json.end().end();
  return json.finish_text();
}

}  // namespace rekeyer::lambda
