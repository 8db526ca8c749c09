// The function that does the whole scope in one invocation: a few accounts, or a fixed map of users.
#include "base/try.hpp"
#include "engine/complete_run.hpp"
#include "lambda/events.hpp"
#include "lambda/handlers.hpp"
#include "lambda/metrics.hpp"
#include "lambda/records.hpp"
#include "lambda/run_answer.hpp"

namespace rekeyer::lambda {

ResultTask<std::string> handle_sweep(Job job, std::string event) {
  if (names_an_account(event)) co_return co_await handle_account(std::move(job), std::move(event));
  CO_TRY(const auto asked, read_run_event(event));
  engine::SweepRequest request;
  CO_TRY(const auto work, work_of(asked.mode, std::nullopt, job.deployment, job.configuration.rotation.store));
  request.mode = work.mode;
  request.options.run = job.id;
  request.options.relock = work.relock;
  request.audit_mails = work == Work{rotation::Mode::plan, false};
  CO_TRY(const auto session, co_await engine::Session::open(job.context(job.configuration)));
  CO_TRY(auto swept, co_await engine::sweep_accounts(session, std::move(request)));
  if (!asked.run.empty()) swept.report.run = RunId(asked.run);
  if (!work.relock) {
    job.metrics(metrics_line(swept.report, swept.delivery.mails_refused, job.deployment.name, job.clock.now()));
  }
  if (job.deployment.runs) {
    CO_TRY(auto folder, folder_of(job, swept.report.run.str()));
    CO_TRY_VOID(co_await folder.put_report(swept.report, work));
  }
  co_return run_answer(swept.report);
}

}  // namespace rekeyer::lambda
