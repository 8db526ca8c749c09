#include "simulation/backlog.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <deque>
#include <map>
#include <stdexcept>

#include "base/log.hpp"
#include "policy/change_order.hpp"
#include "sandbox/world/generate.hpp"
#include "simulation/runner.hpp"

namespace rekeyer::simulation {
namespace {

/// Before the first old key is retired: what falls due then is not the backlog.
constexpr std::size_t most_days = 9;

/// The operations that AWS limits together to 50 a second.
bool puts_or_publishes(const sandbox::LoggedCall& call) {
  return call.operation == "PutSecretValue" || call.operation == "UpdateSecret" ||
         call.operation == "UpdateSecretVersionStage";
}

BacklogDay read_day(const rotation::RunReport& report) {
  BacklogDay day;
  day.waiting = report.waiting.users;
  day.runs_foretold = report.waiting.runs;
  day.earliest_waiting = Instant::max();
  day.took = report.finished - report.started;
  std::map<std::pair<AccountId, UserName>, Instant> turns;  // of whom had one: since when the first thing was due
  for (const auto& account : report.accounts) {
    for (const auto& action : account.actions) {
      if (!policy::is_change(action.action) || action.reason == rotation::RunReason::user_gone || !action.due) continue;
      if (action.reason == rotation::RunReason::run_limit) {
        day.earliest_waiting = std::min(day.earliest_waiting, *action.due);
      } else if (action.reason != rotation::RunReason::account_limit) {
        const auto [turn, first] = turns.emplace(std::pair(account.id, action.user), *action.due);
        if (!first) turn->second = std::min(turn->second, *action.due);
      }
    }
  }
  day.changed = turns.size();
  for (const auto& [user, since] : turns) day.out_of_turn += since > day.earliest_waiting ? 1 : 0;
  return day;
}

class Deployment {
 public:
  explicit Deployment(const BacklogOptions& options) : sandbox_(options.seed) {
    scenario_.world = sandbox::generate_world(
        {options.seed, options.accounts, options.accounts * options.users_per_account}, first_instant);
    auto& settings = scenario_.settings;
    settings.limits.max_changes = options.max_changes;
    settings.limits.max_changes_per_account = options.max_changes_per_account;
    store_centrally(scenario_, first_instant);
    sandbox_.world = std::move(scenario_.world.world);
    sandbox_.behaviour.rate_limits = true;
    sandbox_.behaviour.latency = Milliseconds{40};
    sandbox_.behaviour.record_use = false;
    sandbox_.calls.keep = false;
    sandbox_.after_each_call = [this](const sandbox::LoggedCall& call) { count(call); };
  }

  /// One day's run.
  void run(BacklogResult& result) {
    result_ = &result;
    RunPlan plan;
    Runner runner(sandbox_, clock_, context_.get_executor(), dead_, no_bugs_, scenario_, plan);
    bool ended = false;
    boost::asio::co_spawn(context_, runner.run(), [&](std::exception_ptr thrown) {
      if (thrown) std::rethrow_exception(thrown);
      ended = true;
    });
    if (!clock_.run([&] { return !ended; })) throw std::logic_error("deadlock");
    if (!runner.report()) {
      result.trouble = runner.failure();
      return;
    }
    result.days.push_back(read_day(*runner.report()));
  }

  void sleep_until_tomorrow(std::size_t day) {
    bool awake = false;
    boost::asio::co_spawn(context_, clock_.sleep_until(first_instant + std::chrono::days{static_cast<int>(day)}),
                          [&](std::exception_ptr) { awake = true; });
    if (!clock_.run([&] { return !awake; })) throw std::logic_error("deadlock");
  }

 private:
  void count(const sandbox::LoggedCall& call) {
    ++result_->calls;
    if (call.operation == "CreateAccessKey" && call.code.empty()) ++result_->rotations;
    if (call.service != "secretsmanager") return;
    if (call.code == "ThrottlingException") ++result_->throttled_stores;
    if (!puts_or_publishes(call)) return;
    latest_.push_back(call.at);
    while (call.at - latest_.front() >= std::chrono::seconds{1}) latest_.pop_front();
    result_->most_stores = std::max(result_->most_stores, latest_.size());
  }

  Scenario scenario_;
  sandbox::Sandbox sandbox_;
  boost::asio::io_context context_{1};
  VirtualClock clock_{context_, first_instant};
  DeadProcesses dead_;
  BugMemory no_bugs_;
  BacklogResult* result_ = nullptr;
  std::deque<Instant> latest_;
};

}  // namespace

BacklogResult work_off(const BacklogOptions& options) {
  log::configure({log::Level::off, log::Format::text, false, {}, {}, {}});
  BacklogResult result;
  Deployment deployment(options);
  for (std::size_t day = 1; day <= most_days; ++day) {
    deployment.run(result);
    if (!result.trouble.empty() || result.days.back().waiting == 0) break;
    deployment.sleep_until_tomorrow(day);
  }
  return result;
}

bool backlog_is_worked_off(const BacklogOptions& options) {
  const auto result = work_off(options);
  bool good = result.trouble.empty();
  if (!good) fmt::print("the run did not report: {}\n", result.trouble);
  const auto must = [&](bool holds, std::string_view what) {
    if (!holds) fmt::print("WRONG: {}\n", what);
    good = good && holds;
  };
  for (std::size_t i = 0; i < result.days.size(); ++i) {
    const auto& day = result.days[i];
    const bool all_waited_for = day.earliest_waiting == Instant::max();
    fmt::print("day {}: {} users had their turn in {:.0f} s; {} wait ({}), {} more runs\n", i + 1, day.changed,
               std::chrono::duration<double>(day.took).count(), day.waiting,
               all_waited_for ? "for their account" : "due from " + iso8601(day.earliest_waiting), day.runs_foretold);
    must(day.changed <= options.max_changes, "more were changed than a run may");
    must(day.out_of_turn <= options.max_changes / 4, "more than a quarter had their turn before who is due for longer");
  }
  fmt::print("{} rotations, {} calls; Secrets Manager: {} calls refused, {} puts in the fullest second (50 allowed)\n",
             result.rotations, result.calls, result.throttled_stores, result.most_stores);
  if (!good || result.days.empty()) return false;
  must(result.days.back().waiting == 0, "somebody still waits");
  must(result.days.size() <= 1 + result.days.front().runs_foretold + 1, "it took longer than the first run foretold");
  must(result.throttled_stores == 0 && result.most_stores <= 50, "Secrets Manager was asked too often");
  return good;
}

}  // namespace rekeyer::simulation
