// The function that lists accounts.
#include <fmt/format.h>

#include "aws/http/json_writer.hpp"
#include "aws/services/functions.hpp"
#include "base/concurrency.hpp"
#include "base/log.hpp"
#include "base/try.hpp"
#include "engine/session.hpp"
#include "lambda/events.hpp"
#include "lambda/handlers.hpp"
#include "lambda/records.hpp"

namespace rekeyer::lambda {
namespace {

constexpr std::size_t invoking_workers = 16;

struct Listed {
  std::vector<MapItem> accounts;
  std::vector<rotation::AccountTarget> skipped;
};

/// All or nothing: a list that ends early would leave accounts out without a word.
ResultTask<Listed> list_accounts(const Job& job) {
  CO_TRY(const auto session, co_await engine::Session::open(job.context(job.configuration)));
  auto accounts = session.accounts({});
  Listed listed;
  for (;;) {
    auto next = co_await accounts.source().next();
    if (!next && next.error().kind != ErrorKind::cancelled) co_return fail(std::move(next).error());
    if (next && !*next) co_return listed;
    if (next && (*next)->skip) {
      listed.skipped.push_back(std::move(**next));
    } else if (next) {
      listed.accounts.push_back({std::move(**next), std::nullopt});
    }
    if (!next || job.stop.requested()) {
      co_return fail(ErrorKind::cancelled,
                     "the time is over before all accounts were listed: raise the function's timeout");
    }
  }
}

ResultTask<std::string> into_folder(const Job& job, std::string run, Work work, Listed listed) {
  if (run.empty()) run = job.request_id;
  CO_TRY(auto folder, folder_of(job, run));
  const auto count = listed.accounts.size();
  CO_TRY_VOID(co_await folder.put_accounts(std::move(listed.accounts), std::move(listed.skipped)));
  log::info("accounts listed", {{"run", run}, {"accounts", std::to_string(count)}});
  aws::JsonWriter json;
  json.begin_object()
      .member("run", run)
      .member("mode", name(work))
      .member("accounts", count)
      .member("bucket", folder.bucket())
      .member("key", folder.key("accounts.json"))
      .end();
  co_return json.finish_text();
}

std::string event_for(const MapItem& item, Work work) {
  aws::JsonWriter json;
  json.begin_object().member("mode", name(work));
  json.key("account");
  write_item(json, item);
  json.end();
  return json.finish_text();
}

/// One asynchronous invocation an account, several at a time. The first failure ends it: those invoked go on, and a
/// second try of the whole invokes them again, which their leases bear.
class Invoking {
 public:
  Invoking(aws::FunctionsClient functions, std::string function, std::vector<MapItem> items, Work work)
      : functions_(std::move(functions)), function_(std::move(function)), items_(std::move(items)), work_(work) {}

  ResultTask<std::size_t> run() {
    co_await for_each_bounded(items_, invoking_workers, [this](const MapItem& item) { return invoke(item); });
    if (failure_) co_return fail(std::move(*failure_));
    co_return items_.size();
  }

 private:
  Task<void> invoke(const MapItem& item) {
    if (failure_) co_return;
    auto invoked = co_await functions_.invoke_asynchronously(function_, event_for(item, work_));
    if (!invoked && !failure_) failure_ = in_context(std::move(invoked).error(), item.target.id.str());
  }

  aws::FunctionsClient functions_;
  std::string function_;
  std::vector<MapItem> items_;
  Work work_;
  std::optional<Error> failure_;
};

}  // namespace

ResultTask<std::string> handle_inventory(Job job, std::string event) {
  CO_TRY(const auto asked, read_run_event(event));
  CO_TRY(const auto work, work_of(asked.mode, std::nullopt, job.deployment, job.configuration.rotation.store));
  const bool by_folder = job.deployment.runs.has_value();
  if (!by_folder && job.deployment.account_function.empty()) {
    co_return fail(ErrorKind::usage,
                   "where do the accounts go? set REKEYER_RUNS=s3://BUCKET/PREFIX for the state machine, or "
                   "REKEYER_ACCOUNT_FUNCTION to have a function invoked for each");
  }
  CO_TRY(auto listed, co_await list_accounts(job));
  if (by_folder) co_return co_await into_folder(job, asked.run, work, std::move(listed));
  Invoking invoking(aws::FunctionsClient(job.caller, job.principal), job.deployment.account_function,
                    std::move(listed.accounts), work);
  CO_TRY(const auto invoked, co_await invoking.run());
  aws::JsonWriter json;
  json.begin_object().member("mode", name(work)).member("accounts", invoked).end();
  co_return json.finish_text();
}

}  // namespace rekeyer::lambda
