// The function that works on one account.
#include <fmt/format.h>

#include <algorithm>

#include "aws/http/json_writer.hpp"
#include "base/log.hpp"
#include "base/try.hpp"
#include "engine/complete_run.hpp"
#include "lambda/events.hpp"
#include "lambda/handlers.hpp"
#include "lambda/merge.hpp"
#include "lambda/records.hpp"
#include "rotation/configured_accounts.hpp"
#include "rotation/placing.hpp"
#include "rotation/run_counts.hpp"

namespace rekeyer::lambda {
namespace {

std::string answer(const AccountRecord& record, bool more, bool list_left) {
  using rotation::RowKind;
  const rotation::RowCounts rows(record.outcome.actions);
  aws::JsonWriter json;
  json.begin_object()
      .member("account", record.outcome.id.str())
      .member("status", rotation::name(record.outcome.status))
      .member("reason", record.outcome.reason)
      .member("users", record.outcome.users)
      .member("due", rows.of(RowKind::due))
      .member("done", rows.of(RowKind::done))
      .member("held", rows.of(RowKind::held))
      .member("failed", rows.of(RowKind::failed))
      .member("more", more);
  if (list_left) {  // without a folder the answer is the only place that can tell
    json.begin_array("left");
    for (const auto& user : users_left(record)) json.value(user.str());
    json.end();
  }
  json.end();
  return json.finish_text();
}

/// The survey of a run that applies: who is to be changed is looked at closely by the second pass, which knows how many
/// may be.
bool is_first_pass(const AccountEvent& event, rotation::Mode mode) {
  return mode == rotation::Mode::plan && event.run_mode && event.run_mode->mode == rotation::Mode::apply;
}

/// The configuration with what the event allows at most.
config::Configuration limited(const config::Configuration& configuration, std::optional<std::size_t> changes) {
  auto own = configuration;
  if (changes) own.rotation.limits.max_changes = *changes;
  return own;
}

ResultTask<AccountRecord> sweep_account(const Job& job, AccountEvent event, Work work) {
  const bool first_pass = is_first_pass(event, work.mode);
  const auto own = limited(job.configuration, first_pass ? 0 : event.changes);
  engine::SweepRequest request;
  request.mode = work.mode;
  request.options.run = job.id;
  request.options.relock = work.relock;
  request.options.force.rotate = !event.force.empty();
  // The summary sends the audit mails, and a mail says which key it is about.
  request.options.ids = !first_pass && job.configuration.notify.enabled();
  request.targets = {std::move(event.target)};
  request.audience = event.run.empty() ? notify::Audience::everybody : notify::Audience::all_but_administrators;
  request.find_owners = !first_pass;  // the second pass looks them up, for those it enters
  CO_TRY(const auto session, co_await engine::Session::open(job.context(own)));
  CO_TRY(auto swept, co_await engine::sweep_accounts(session, std::move(request)));
  if (swept.report.accounts.empty()) {
    co_return fail(ErrorKind::cancelled,
                   "the time was over before the account was entered: raise the function's timeout");
  }
  AccountRecord record;
  record.outcome = *swept.report.accounts.begin();
  record.outcome.notices.clear();
  record.started = swept.report.started;
  record.finished = swept.report.finished;
  record.calls = std::move(swept.report.calls);
  record.failing_channels = std::move(swept.delivery.failing_channels);
  record.mails_refused = swept.delivery.mails_refused;
  co_return record;
}

/// The account as the configuration has it. In a run the accounts were listed and judged by its inventory; an event
/// that somebody else has made, in either form, is judged here.
ResultTask<rotation::AccountTarget> in_scope(const Job& job, const AccountEvent& event) {
  const auto& settings = job.configuration.rotation;
  if (!event.run.empty() || !settings.scope.fixed_accounts.empty()) {
    co_return rotation::placed_unasked(settings.scope, event.target);
  }
  CO_TRY(const auto session, co_await engine::Session::identify(job.context(job.configuration)));
  auto organizations = session.organizations();
  auto placed =
      co_await rotation::placed(organizations, settings.scope, event.target, rotation::asks_for_ous(settings.policy));
  co_return placed;
}

/// Nothing was looked at.
AccountRecord left_out(const Job& job, rotation::AccountTarget target) {
  log::info("account skipped", {{"account", target.id.str()}, {"reason", *target.skip}});
  AccountRecord record;
  record.outcome.id = std::move(target.id);
  record.outcome.name = std::move(target.name);
  record.outcome.status = rotation::AccountStatus::skipped;
  record.outcome.reason = *std::move(target.skip);
  record.started = record.finished = job.clock.now();
  return record;
}

ResultTask<std::string> answer_skipped(const Job& job, AccountEvent event, rotation::Mode pass) {
  auto record = left_out(job, std::move(event.target));
  if (!event.run.empty()) {
    CO_TRY(auto folder, folder_of(job, event.run));
    CO_TRY(record, co_await folder.add_record(pass, std::move(record), std::nullopt));
  }
  co_return answer(record, false, false);
}

ResultTask<std::string> in_folder(const Job& job, AccountEvent event, Work work) {
  CO_TRY(auto folder, folder_of(job, event.run));
  CO_TRY(auto before, co_await folder.record(work.mode, event.target.id));
  if (before) {
    const auto left = users_left(before->record);
    if (left.empty() && before->record.outcome.status == rotation::AccountStatus::done) {
      // Delivered twice, or the answer was lost.
      log::info("done before", {{"account", event.target.id.str()}, {"run", event.run}});
      co_return answer(before->record, false, false);
    }
    if (!left.empty()) {
      const auto changed = users_changed(before->record);
      if (event.changes) event.changes = *event.changes - std::min(*event.changes, changed);
      event.target.users = left;
      event.target.users_required = false;
    }
  }
  CO_TRY(auto record, co_await sweep_account(job, std::move(event), work));
  CO_TRY(const auto whole, co_await folder.add_record(work.mode, std::move(record), std::move(before)));
  co_return answer(whole, !users_left(whole).empty(), false);
}

}  // namespace

ResultTask<std::string> handle_account(Job job, std::string event) {
  CO_TRY(auto asked, read_account_event(event));
  CO_TRY(const auto work, work_of(asked.mode, asked.run_mode, job.deployment, job.configuration.rotation.store));
  CO_TRY(asked.target, co_await in_scope(job, asked));
  if (asked.target.skip) co_return co_await answer_skipped(job, std::move(asked), work.mode);
  if (!asked.run.empty()) co_return co_await in_folder(job, std::move(asked), work);
  CO_TRY(const auto record, co_await sweep_account(job, std::move(asked), work));
  const bool more = !users_left(record).empty();
  co_return answer(record, more, more);
}

}  // namespace rekeyer::lambda
