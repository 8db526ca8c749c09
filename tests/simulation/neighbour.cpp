#include "simulation/neighbour.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <deque>
#include <stdexcept>

#include "aws/call/rate_limiter.hpp"
#include "aws/services/iam.hpp"
#include "base/log.hpp"
#include "fakes/known_key.hpp"
#include "simulation/runner.hpp"

namespace rekeyer::simulation {
namespace {

namespace json = boost::json;

const AccountId account("111111111111");
constexpr std::string_view neighbour_name = "terraform";

/// One account with so many keys past their day, all in use, and the neighbour's user.
sandbox::LoadedWorld large_account(const NeighbourOptions& options) {
  json::array users;
  for (std::size_t i = 0; i < options.users; ++i) {
    users.push_back(json::object{{"name", fmt::format("svc-{}", i)},
                                 {"keys", json::array{json::object{{"age", 95}, {"used", 0.5}}}}});
  }
  users.push_back(json::object{{"name", neighbour_name},
                               {"attached", json::array{"arn:aws:iam::aws:policy/AdministratorAccess"}},
                               {"keys", json::array{json::object{{"age", 1}, {"used", 0.1}}}}});
  const json::object world{{"accounts", json::array{json::object{{"id", account.str()}, {"users", std::move(users)}}}}};
  auto loaded = sandbox::load_world(world, options.seed, first_instant);
  if (!loaded) throw std::logic_error(loaded.error().message);
  return *std::move(loaded);
}

Scenario first_day(const NeighbourOptions& options) {
  Scenario scenario;
  scenario.seed = options.seed;
  scenario.world = large_account(options);
  auto& limits = scenario.settings.limits;
  limits.iam_rate = options.iam_rate;
  limits.iam_share = options.share;
  limits.max_changes_per_account = options.users;
  limits.users_per_account = 16;  // enough of them at a time for the rate to be what slows us down
  return scenario;
}

/// Counts one party's calls as they arrive.
class Meter {
 public:
  void count(const sandbox::LoggedCall& call) {
    ++traffic_.sent;
    traffic_.refused += call.code == "Throttling";
    latest_.push_back(call.at);
    while (call.at - latest_.front() >= std::chrono::seconds{1}) latest_.pop_front();
    traffic_.most_in_a_second = std::max(traffic_.most_in_a_second, latest_.size());
  }
  const Traffic& traffic() const { return traffic_; }

 private:
  Traffic traffic_;
  std::deque<Instant> latest_;
};

/// A tool with a pace of its own: so many calls a second, each at some instant of its slot, none tried again.
class Neighbour {
 public:
  Neighbour(sandbox::Sandbox& sandbox, Clock& clock, const NeighbourOptions& options)
      : clock_(clock), options_(options), random_(options.seed + 77), wire_(sandbox, clock) {
    const auto& key = sandbox.world.find_user(account, UserName(std::string(neighbour_name)))->keys.front();
    principal_ = {fakes::provider_of(key.id, key.secret), Region("us-east-1"), account};
    limiter_.set_rate("iam", {1e6, 1e6});
  }

  Task<void> live(const bool& ours_ended) {
    const Milliseconds slot{static_cast<Milliseconds::rep>(1000 / (options_.iam_rate * options_.neighbour))};
    aws::IamClient iam(caller_, principal_);
    for (Instant next = first_instant; !ours_ended && next - first_instant < options_.neighbour_for; next += slot) {
      co_await clock_.sleep_until(next + Milliseconds{random_.below(static_cast<std::uint64_t>(slot.count() / 2))});
      const auto keys = co_await iam.list_access_keys(UserName(std::string(neighbour_name)));
    }
  }

 private:
  static aws::CallerSettings settings() {
    aws::CallerSettings settings;
    settings.endpoints.endpoint_url = "http://127.0.0.1:4566";
    settings.max_attempts = 1;
    return settings;
  }

  Clock& clock_;
  NeighbourOptions options_;
  Random random_;
  sandbox::InProcessTransport wire_;
  ShiftedClock shifted_{clock_};
  aws::RateLimiter limiter_{shifted_};
  aws::Caller caller_{wire_, shifted_, random_, limiter_, settings()};
  aws::Principal principal_;
};

void read_report(const Runner& runner, NeighbourResult& result) {
  if (!runner.report()) {
    result.trouble = runner.failure();
    return;
  }
  for (const auto& outcome : runner.report()->accounts) {
    if (outcome.id != account) continue;
    if (outcome.status != rotation::AccountStatus::done) result.trouble = outcome.reason;
    for (const auto& action : outcome.actions) {
      const bool done = action.action == policy::Action::rotate && action.status == rotation::ActionStatus::done;
      ++(done ? result.rotated : result.not_done);
      if (!done && result.trouble.empty()) result.trouble = std::string(name(action.reason)) + " " + action.detail;
    }
  }
}

}  // namespace

NeighbourResult first_day_beside_a_neighbour(const NeighbourOptions& options) {
  log::configure({log::Level::off, log::Format::text, false, {}, {}, {}});
  Scenario scenario = first_day(options);
  sandbox::Sandbox sandbox(options.seed);
  sandbox.world = std::move(scenario.world.world);
  sandbox.behaviour.rate_limits = true;
  sandbox.behaviour.iam_rate = options.iam_rate;
  sandbox.behaviour.latency = Milliseconds{40};
  sandbox.behaviour.latency_spread = Milliseconds{20};
  sandbox.calls.keep = false;
  const std::string who = fmt::format(":user/{}", neighbour_name);
  Meter ours;
  Meter neighbours;
  sandbox.after_each_call = [&](const sandbox::LoggedCall& call) {
    if (call.service == "iam" && call.account == account)
      (call.principal.ends_with(who) ? neighbours : ours).count(call);
  };

  boost::asio::io_context context{1};
  VirtualClock clock(context, first_instant);
  DeadProcesses dead;
  BugMemory no_bugs;
  RunPlan plan;
  plan.seed = options.seed;
  Runner runner(sandbox, clock, context.get_executor(), dead, no_bugs, scenario, plan);
  Neighbour neighbour(sandbox, clock, options);
  NeighbourResult result;
  bool ours_ended = false;
  int running = 2;
  boost::asio::co_spawn(context, runner.run(), [&](std::exception_ptr thrown) {
    if (thrown) std::rethrow_exception(thrown);
    ours_ended = true;
    result.took = clock.now() - first_instant;
    --running;
  });
  boost::asio::co_spawn(context, neighbour.live(ours_ended), [&](std::exception_ptr thrown) {
    if (thrown) std::rethrow_exception(thrown);
    --running;
  });
  if (!clock.run([&] { return running > 0; })) throw std::logic_error("deadlock");
  read_report(runner, result);
  result.ours = ours.traffic();
  result.neighbours = neighbours.traffic();
  result.rate_at_the_end = runner.limiter().rate(account, "iam");
  result.ceiling = options.iam_rate * options.share;
  return result;
}

}  // namespace rekeyer::simulation
