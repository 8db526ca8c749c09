#include "simulation/simulation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/serialize.hpp>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <vector>

#include "base/log.hpp"
#include "simulation/administrators.hpp"
#include "simulation/hostile.hpp"
#include "simulation/people.hpp"
#include "simulation/relocker.hpp"
#include "simulation/runner.hpp"

namespace rekeyer::simulation {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

constexpr Milliseconds quarter = hours{6};

/// One world, its people, and the processes that come and go in it. Members go in the reverse order: what waits in the
/// loop and the clock first needs the runners that it belongs to.
class Play {
 public:
  Play(std::uint64_t seed, const SimulationOptions& options)
      : options_(options),
        random_(seed ^ 0x9e3779b97f4a7c15ULL),
        scenario_(draw_scenario(seed, first_instant)),
        sandbox_(seed),
        clock_(context_, first_instant) {
    scenario_.days = std::max(scenario_.days, options.days);
    sandbox_.world = std::move(scenario_.world.world);
    sandbox_.behaviour = scenario_.world.behaviour;
    sandbox_.behaviour.verify_signatures = options.bug == Bug::none;
    sandbox_.faults.set_random_faults(scenario_.random_faults);
    checker_ = std::make_unique<Checker>(sandbox_, scenario_, clock_);
    people_ = std::make_unique<People>(sandbox_, scenario_, *checker_, clock_, random_.next(), options.trace);
    administrators_ = std::make_unique<Administrators>(sandbox_, scenario_, *checker_, clock_,
                                                       seed ^ 0x14057b7ef767814fULL, options.trace);
    hostile_ = std::make_unique<Hostile>(sandbox_, scenario_, *checker_, clock_, seed ^ 0x5851f42d4c957f2dULL,
                                         options.forged_records || !scenario_.settings.store.proof.empty());
    relocker_ = std::make_unique<Relocker>(sandbox_, scenario_, *checker_, clock_, seed ^ 0x27bb2ee687b0b0fdULL);
    sandbox_.after_each_call = [this](const sandbox::LoggedCall& call) { heard(call); };
    log::Settings log_settings;
    log_settings.level = seed % 4 == 0 ? log::Level::debug : log::Level::warn;
    log_settings.sink = [this](std::string_view line) { checker_->heard(line); };
    log::configure(std::move(log_settings));
  }

  ~Play() {
    dead_.close(context_);
    log::configure({log::Level::off, log::Format::text, false, {}, {}, {}});
  }
  Play(const Play&) = delete;
  Play& operator=(const Play&) = delete;

  Outcome perform() {
    bool ended = false;
    std::exception_ptr bug;
    boost::asio::co_spawn(context_, direct(), [&](std::exception_ptr thrown) {
      ended = true;
      bug = thrown;
    });
    const bool alive = clock_.run([&] { return !ended; });
    if (bug) std::rethrow_exception(bug);
    if (!alive && !checker_->violation()) throw std::logic_error("deadlock");
    outcome_.hash = checker_->hash();
    outcome_.steps = checker_->steps();
    outcome_.notices = checker_->notices();
    outcome_.hostile_acts = hostile_->acts();
    outcome_.hostile_refused = hostile_->refused();
    outcome_.relocked = relocker_->relocked();
    outcome_.read_while_spreading = checker_->read_while_spreading();
    outcome_.violation = checker_->violation();
    outcome_.days = static_cast<int>((clock_.now() - first_instant) / days{1});
    for (const auto& event : sandbox_.world.key_events) {
      if (event.what == "created" && is_rekeyer(event.by)) ++outcome_.rotations;
    }
    return outcome_;
  }

 private:
  void heard(const sandbox::LoggedCall& call) {
    if (options_.trace) {
      fmt::print(stderr, "{} {}:{} {} {} {} {} {}\n", iso8601(call.at), call.service, call.operation, call.principal,
                 call.status, call.code, call.fault, boost::json::serialize(call.input));
    }
    checker_->after_call(call);
    relocker_->after_call(call);
    administrators_->after_call(call);
    hostile_->after_call(call);  // last: what he asks for is logged, too, and `call` stands in the log
  }

  /// Everything in order: stormy days, then fine ones.
  Task<void> direct() {
    for (int i = 0; i < scenario_.days * 4 && going(); ++i) {
      co_await pass_quarter();
      if (relocker_->wants_to()) co_await relock();
      if (!random_.chance(scenario_.runs_a_day / 4)) continue;
      if (random_.chance(scenario_.denial)) forbid_something();
      const auto first = begin(draw_plan());
      if (random_.chance(scenario_.second_runner)) {
        co_await clock_.sleep_for(
            Milliseconds{static_cast<std::int64_t>(random_.below(random_.chance(0.5) ? 3000 : 900'000))});
        const auto second = begin(draw_plan());
        co_await ended(second);
      }
      co_await ended(first);
    }
    co_await settle();
  }

  /// Locks of an older configuration are written anew, alone or while another run is at work with somebody.
  Task<void> relock() {
    Runner* other = nullptr;
    if (relocker_->beside_another()) {
      other = begin(draw_plan());
      while (going() && !is_over(other) && !relocker_->somebody_is_at_work()) {
        co_await clock_.sleep_for(Milliseconds{500});
      }
    }
    auto plan = draw_plan();
    plan.relock = true;
    co_await ended(begin(plan));
    if (other != nullptr) co_await ended(other);
  }

  /// A right is taken away, and given back after some calls, or when somebody else is forbidden something.
  void forbid_something() {
    static constexpr std::string_view operations[] = {"CreateAccessKey",
                                                      "UpdateAccessKey",
                                                      "DeleteAccessKey",
                                                      "ListAccessKeys",
                                                      "GetAccessKeyLastUsed",
                                                      "GetGroup",
                                                      "PutSecretValue",
                                                      "CreateSecret",
                                                      "DescribeSecret",
                                                      "ListSecrets",
                                                      "TagResource",
                                                      "PutResourcePolicy",
                                                      "AssumeRole",
                                                      "changing",
                                                      "UpdateSecretVersionStage",
                                                      "SendEmail",
                                                      "Sign"};
    if (random_.chance(0.3)) sandbox_.faults.clear();
    sandbox_.faults.set_random_faults(scenario_.random_faults);
    sandbox::FaultRule rule;
    rule.operation = operations[random_.below(std::size(operations))];
    rule.kind = sandbox::FaultKind::deny;
    rule.skip = static_cast<int>(random_.below(4));
    rule.times = static_cast<int>(random_.below(4));  // 0: until somebody gives it back
    if (options_.trace) fmt::print(stderr, "{} {} is forbidden\n", iso8601(clock_.now()), rule.operation);
    sandbox_.faults.add(std::move(rule));
  }

  bool going() const { return !checker_->violation(); }

  Task<void> pass_quarter() {
    people_->live();
    administrators_->live();
    hostile_->live();
    relocker_->live();
    checker_->look_around();
    for (const auto& [id, account] : sandbox_.world.accounts) {
      for (const auto& [name, user] : account.iam.users) quarter_keys_ += user.keys.size();
    }
    outcome_.key_days = quarter_keys_ / 4;
    co_await clock_.sleep_for(quarter + Milliseconds{static_cast<std::int64_t>(random_.below(1'800'000))});
  }

  RunPlan draw_plan() {
    RunPlan plan;
    plan.seed = random_.next();
    plan.bug = options_.bug;
    plan.late = scenario_.late;
    if (random_.chance(scenario_.plan)) plan.mode = rotation::Mode::plan;
    if (scenario_.worst_skew > Milliseconds{0}) {
      const auto span = static_cast<std::uint64_t>(2 * scenario_.worst_skew.count());
      plan.skew = Milliseconds{static_cast<std::int64_t>(random_.below(span))} - scenario_.worst_skew;
    }
    if (random_.chance(scenario_.crash)) {
      plan.dies_at_call = 1 + random_.below(60);
      plan.dies_before = random_.chance(0.5);
    }
    return plan;
  }

  Runner* begin(RunPlan plan) {
    ++outcome_.runs;
    runners_.push_back(
        std::make_unique<Runner>(sandbox_, clock_, context_.get_executor(), dead_, bug_memory_, scenario_, plan));
    auto* runner = runners_.back().get();
    checker_->run_begins(*runner);
    relocker_->run_begins(*runner);
    if (options_.trace) fmt::print(stderr, "{} run {} begins\n", iso8601(clock_.now()), runner->id());
    boost::asio::co_spawn(context_, runner->run(), [this, runner](std::exception_ptr thrown) {
      if (thrown) std::rethrow_exception(thrown);
      finished_.push_back(runner);
    });
    return runner;
  }

  bool is_over(const Runner* runner) const {
    return runner->dead() || std::ranges::find(finished_, runner) != finished_.end();
  }

  /// Until the run is over, one way or the other.
  Task<void> ended(Runner* runner) {
    while (!is_over(runner)) {
      co_await clock_.sleep_for(std::chrono::seconds{10});
    }
    if (runner->dead()) ++outcome_.crashes;
    if (options_.trace) print_end(*runner);
    checker_->run_ends(*runner);
    relocker_->run_ends(*runner);
    std::erase(finished_, runner);
  }

  void print_end(const Runner& runner) const {
    fmt::print(stderr, "{} run {} {}\n", iso8601(clock_.now()), runner.id(), runner.dead() ? "is dead" : "ends");
    if (!runner.report()) return;
    for (const auto& account : runner.report()->accounts) {
      for (const auto& action : account.actions) {
        fmt::print(stderr, "  {}/{} {} {} {} {}: {}\n", account.id, action.user, action.key,
                   policy::name(action.action), rotation::name(action.status), name(action.reason), action.detail);
      }
    }
  }

  RunPlan fine_plan(rotation::Mode mode) {
    RunPlan plan;
    plan.seed = random_.next();
    plan.mode = mode;
    plan.bug = options_.bug;
    return plan;
  }

  /// No more faults: all that is due gets done, or is held for a true reason.
  Task<void> settle() {
    sandbox_.faults.clear();
    sandbox_.faults.set_random_faults({});
    scenario_.settings.limits = {};  // a backlog would take its time
    people_->behave();
    administrators_->behave();
    hostile_->rest();
    for (int i = 0; i < 3 && going(); ++i) {
      co_await clock_.sleep_for(minutes{20});
      co_await ended(begin(fine_plan(rotation::Mode::apply)));
    }
    if (!scenario_.deputies.empty()) co_await settle_locks();
    policy::Rules rules;
    policy::apply(scenario_.settings.policy.organisation, rules);
    const auto deadline = rules.hard_deadline.value.value_or(days{0});
    const Milliseconds patience =
        rules.installation_grace.value + rules.recovery_grace.value + deadline + rules.idle_period.value + days{4};
    const auto end = clock_.now() + patience;
    Runner* last = nullptr;
    while (going() && clock_.now() < end) {
      for (int i = 0; i < 12; ++i) co_await pass_quarter();
      administrators_->behave();  // each report says again what a late request has put back
      last = begin(fine_plan(rotation::Mode::apply));
      co_await ended(last);
    }
    if (!going()) co_return;
    auto* plan = begin(fine_plan(rotation::Mode::plan));
    co_await ended(plan);
    if (last == nullptr || !last->report() || !plan->report()) {
      throw std::logic_error("a fine run did not report: " + (last != nullptr ? last->failure() : std::string()) +
                             plan->failure());
    }
    checker_->settled(*last->report(), *plan->report());
  }

  Task<void> settle_locks() {
    for (int i = 0; i < 2 && going(); ++i) {
      auto plan = fine_plan(rotation::Mode::apply);
      plan.relock = true;
      auto* runner = begin(plan);
      co_await ended(runner);
      if (i > 0) relocker_->judge_repeated(*runner);
      co_await clock_.sleep_for(minutes{20});
    }
  }

  SimulationOptions options_;
  Random random_;
  Scenario scenario_;
  sandbox::Sandbox sandbox_;
  BugMemory bug_memory_;
  DeadProcesses dead_;
  std::vector<std::unique_ptr<Runner>> runners_;
  boost::asio::io_context context_{1};
  VirtualClock clock_;
  std::unique_ptr<Checker> checker_;
  std::unique_ptr<People> people_;
  std::unique_ptr<Administrators> administrators_;
  std::unique_ptr<Hostile> hostile_;
  std::unique_ptr<Relocker> relocker_;
  std::vector<Runner*> finished_;
  std::uint64_t quarter_keys_ = 0;
  Outcome outcome_;
};

}  // namespace

Outcome simulate(std::uint64_t seed, const SimulationOptions& options) {
  Play play(seed, options);
  auto outcome = play.perform();
  outcome.seed = seed;
  return outcome;
}

}  // namespace rekeyer::simulation
