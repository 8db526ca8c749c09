// IAM's credential report: made on demand, then reused for hours whatever happens meanwhile.
#include "sandbox/services/iam_entities.hpp"
#include "sandbox/services/iam_page.hpp"
#include "sandbox/services/iam_report_csv.hpp"
#include "sandbox/services/service.hpp"
#include "sandbox/wire/base64.hpp"
#include "sandbox/wire/reply.hpp"

namespace rekeyer::sandbox {
namespace {

bool in_progress(const StoredReport& report, Instant now) { return report.polls_left > 0 || now < report.ready; }

bool expired(const StoredReport& report, const Context& context) {
  return !context.behaviour.report_frozen && context.now - report.requested >= context.behaviour.report_lifetime;
}

Output state(std::string_view word, std::string_view description) {
  boost::json::object output;
  output.emplace("State", word);
  if (!description.empty()) output.emplace("Description", description);
  return output;
}

Output complete() { return state("COMPLETE", {}); }

Output start_report(const Context& context) {
  const AwsBehaviour& behaviour = context.behaviour;
  StoredReport& report = context.iam().report.emplace();
  report.requested = context.now;
  report.ready = context.now + behaviour.report_build_time;
  report.polls_left = behaviour.report_build_polls;
  report.csv = credential_report_csv(context.world, context.account(), behaviour, context.now);
  if (behaviour.report_at_hand && !in_progress(report, context.now)) return complete();
  return state("STARTED", "No report exists. Starting a new report generation task");
}

Output generate_credential_report(const Call&, const Context& context) {
  auto& held = context.iam().report;
  if (!held) return start_report(context);
  if (in_progress(*held, context.now)) {
    if (held->polls_left > 0) --held->polls_left;
    if (in_progress(*held, context.now)) return state("INPROGRESS", "Report generation in progress");
    return complete();
  }
  return expired(*held, context) ? start_report(context) : complete();
}

Output get_credential_report(const Call&, const Context& context) {
  const auto& held = context.iam().report;
  if (!held) return refuse("ReportNotPresent", "No report is present. Please generate a report first", 410);
  if (in_progress(*held, context.now)) return refuse("ReportInProgress", "Report generation in progress", 404);
  if (expired(*held, context)) {
    return refuse("ReportExpired", "The most recent report has expired. Please generate a new one", 410);
  }
  boost::json::object output = arena_output();
  output.emplace("Content", encode_base64(held->csv));
  output.emplace("ReportFormat", "text/csv");
  output.emplace("GeneratedTime", xml_time(whole_seconds(held->requested)));
  return output;
}

}  // namespace

std::span<const Operation> iam_report_operations() {
  static constexpr Operation operations[] = {
      {"GenerateCredentialReport", generate_credential_report},
      {"GetCredentialReport", get_credential_report},
  };
  return operations;
}

}  // namespace rekeyer::sandbox
