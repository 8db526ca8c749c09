// The function that ends a run: report, digest, metrics.
#include "aws/http/json_writer.hpp"
#include "base/log.hpp"
#include "base/try.hpp"
#include "engine/notifier.hpp"
#include "lambda/events.hpp"
#include "lambda/handlers.hpp"
#include "lambda/metrics.hpp"
#include "lambda/records.hpp"
#include "lambda/run_answer.hpp"
#include "lambda/summary.hpp"
#include "rotation/fitting.hpp"

namespace rekeyer::lambda {
namespace {

ResultTask<RunParts> gather(RunFolder& folder, std::string run, rotation::Mode mode) {
  RunParts parts;
  parts.run = std::move(run);
  parts.mode = mode;
  CO_TRY(parts.accounts, co_await folder.accounts());
  CO_TRY(parts.skipped, co_await folder.skipped());
  CO_TRY(parts.planned, co_await read_records(folder, rotation::Mode::plan, parts.accounts));
  if (mode == rotation::Mode::plan) co_return parts;
  CO_TRY(const auto allotted, co_await folder.allotted());
  if (!allotted) co_return parts;
  // Nobody else has an outcome, and asking for ten thousand that are not there takes minutes.
  CO_TRY(auto records, co_await read_records(folder, rotation::Mode::apply, *allotted));
  parts.applied.emplace();
  for (std::size_t i = 0; i < records.size(); ++i) {
    parts.applied->emplace((*allotted)[i].target.id, std::move(records[i]));
  }
  co_return parts;
}

/// Whatever goes wrong here, the report stands already: it is said in the log, and in the answer.
ResultTask<> tell(const Job& job, Work work, Summary& summary) {
  if (!job.configuration.notify.enabled() || work == Work{rotation::Mode::plan, true}) co_return Result<>{};
  CO_TRY(const auto session, co_await engine::Session::open(job.context(job.configuration)));
  const auto notifier = co_await engine::Notifier::open(session);
  if (!notifier) co_return fail(notifier.error());
  engine::DeliverySummary told;
  if (summary.report.mode == rotation::Mode::plan) {
    told = co_await (*notifier)->send_audit(summary.report);
  } else {
    told = co_await (*notifier)->tell_administrators(summary.report, summary.report.failing_channels);
  }
  summary.report.failing_channels = std::move(told.failing_channels);
  co_return Result<>{};
}

}  // namespace

ResultTask<std::string> handle_summarise(Job job, std::string event) {
  CO_TRY(const auto asked, read_run_event(event));
  CO_TRY(const auto work, work_of(asked.mode, std::nullopt, job.deployment, job.configuration.rotation.store));
  CO_TRY(auto folder, folder_of(job, asked.run));
  CO_TRY(const auto parts, co_await gather(folder, asked.run, work.mode));
  auto summary = summarise(parts, job.clock.now());
  summary.report.waiting = rotation::waiting_in(summary.report.accounts, job.configuration.rotation.limits);
  summary.report.fits_nobody =
      rotation::fits_nobody(job.configuration.rotation.policy, summary.report, job.clock.now());
  CO_TRY_VOID(co_await folder.put_report(summary.report, work));
  if (!work.relock) {
    job.metrics(metrics_line(summary.report, summary.mails_refused, job.deployment.name, job.clock.now()));
  }
  CO_TRY_VOID(co_await tell(job, work, summary));
  co_return run_answer(summary.report);
}

}  // namespace rekeyer::lambda
