#include "scale/scenario.hpp"

#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <stdexcept>

#include "base/log.hpp"
#include "sandbox/world/generate.hpp"
#include "scale/deployed_handler.hpp"

namespace rekeyer::scale {
namespace {

namespace json = boost::json;

constexpr Instant start = std::chrono::sys_days{std::chrono::year{2026} / 3 / 1};
constexpr std::string_view bucket_name = "rekeyer-runs";
constexpr std::string_view run_name = "2026-03-01";
/// Lambda gives a whole processor with so much memory, and less of it with less.
constexpr double megabytes_of_a_processor = 1769;

/// An organization that was looked after: one key a user, in use and young, but for the old ones that the day is about.
std::size_t age_keys(sandbox::World& world, Day day, Random& random) {
  std::size_t old_keys = 0;
  for (auto& [id, account] : world.accounts) {
    for (auto& [name, user] : account.iam.users) {
      while (user.keys.size() > 1) world.remove_key(id, user.name, user.keys.back().id);
      for (auto& key : user.keys) {
        const bool old = day == Day::first || random.chance(0.01);
        old_keys += old ? 1 : 0;
        key.active = true;
        key.created = start - std::chrono::days{old ? 91 + random.below(300) : random.below(60)};
        key.last_use = sandbox::KeyUse{start - std::chrono::hours{5}, "s3", "eu-west-1"};
      }
    }
  }
  return old_keys;
}

config::Configuration configuration_of(const ScenarioOptions& options) {
  auto text = fmt::format("[limits]\nmax_changes = {}\n", options.max_changes);
  if (options.mails) {
    text += "[notify]\nfrom = \"access-keys@example.com\"\nadministrators = [\"cloud-team@example.com\"]\n";
    text += "[[notify.channel]]\ntype = \"ses\"\n";
  }
  auto parsed = config::parse(text, "rekeyer.toml");
  if (!parsed) throw std::logic_error(config::describe(parsed.error().front()));
  return *std::move(parsed);
}

Machine machine_of(const ScenarioOptions& options) {
  auto machine = parse_machine(
      options.definition, {{"Partition", "aws"},
                           {"InventoryFunctionArn", "inventory"},
                           {"AccountFunctionArn", "account"},
                           {"AllotFunctionArn", "allot"},
                           {"SummariseFunctionArn", "summarise"},
                           {"RunsBucket", std::string(bucket_name)},
                           {"RunsPrefix", "runs"},
                           {"MaxConcurrency", std::to_string(options.max_concurrency)},
                           {"ToleratedFailurePercentage", fmt::format("{}", options.tolerated_failure_percentage)}});
  if (!machine) throw std::logic_error(machine.error().message);
  return *std::move(machine);
}

/// The same bucket that the functions use through S3's door.
class SandboxBucket final : public ObjectStore {
 public:
  SandboxBucket(std::map<std::string, sandbox::Bucket>& buckets, Clock& clock) : buckets_(buckets), clock_(clock) {}

  std::optional<std::string> read(const std::string& bucket, const std::string& key) override {
    const auto found = buckets_.find(bucket);
    if (found == buckets_.end()) return std::nullopt;
    const auto object = found->second.objects.find(key);
    if (object == found->second.objects.end()) return std::nullopt;
    return object->second.bytes;
  }
  bool write(const std::string& bucket, const std::string& key, std::string text) override {
    const auto found = buckets_.find(bucket);
    if (found == buckets_.end()) return false;
    found->second.objects[key] = {std::move(text), "application/json", clock_.now()};
    return true;
  }

 private:
  std::map<std::string, sandbox::Bucket>& buckets_;
  Clock& clock_;
};

class NoticeKind {
 public:
  explicit NoticeKind(const ScenarioOptions& options)
      : options_(options),
        random_(options.seed + 7),
        clock_(context_, start),
        sandbox_(options.seed),
        surroundings_{sandbox_,
                      clock_,
                      dead_,
                      context_.get_executor(),
                      configuration_of(options),
                      {options.day == Day::audit ? rotation::Mode::plan : rotation::Mode::apply,
                       lambda::S3Folder{std::string(bucket_name), "runs"}, "", "rekeyer", "", log::Level::off},
                      {},
                      std::chrono::microseconds(static_cast<std::int64_t>(
                          1000 * options.cpu_milliseconds_per_call * megabytes_of_a_processor /
                          std::min(static_cast<double>(options.memory_megabytes), megabytes_of_a_processor))),
                      options.seed},
        functions_(clock_, options.lambda) {
    build_world();
    for (const auto& each : {"inventory", "account", "allot", "summarise"}) {
      functions_.add(each, deployed_handler(surroundings_, *lambda::find_handler(each)));
    }
    functions_.fate = options.fate;
  }

  ~NoticeKind() { dead_.close(context_); }
  NoticeKind(const NoticeKind&) = delete;
  NoticeKind& operator=(const NoticeKind&) = delete;

  ScenarioResult play() {
    const auto machine = machine_of(options_);
    SandboxBucket bucket(sandbox_.world.account(sandbox_.world.tooling).buckets, clock_);
    Interpreter interpreter(clock_, Random(options_.seed + 11), functions_, bucket, options_.steps);
    bool ended = false;
    json::value input = json::object{{"mode", options_.day == Day::audit ? "plan" : "apply"}};
    boost::asio::co_spawn(context_, interpreter.execute(machine, std::move(input), std::string(run_name)),
                          [&](std::exception_ptr thrown, Outcome output) {
                            if (thrown) std::rethrow_exception(thrown);
                            ended = true;
                            result_.output = std::move(output);
                            result_.wall = clock_.now() - start;
                          });
    if (!clock_.run([&] { return !ended; })) throw std::logic_error("the execution waits for nothing");
    result_.steps = interpreter.tally();
    result_.functions = functions_.tallies();
    result_.most_running = functions_.most_running();
    result_.memory_megabytes = options_.memory_megabytes;
    read_folder(bucket);
    return std::move(result_);
  }

 private:
  void build_world() {
    auto loaded = sandbox::generate_world(
        {options_.seed, options_.accounts, options_.accounts * options_.users_per_account}, start);
    surroundings_.caller = loaded.caller;
    sandbox_.world = std::move(loaded.world);
    result_.old_keys = age_keys(sandbox_.world, options_.day, random_);
    for (const auto& [id, account] : sandbox_.world.accounts) result_.users += account.iam.users.size();
    auto& runs = sandbox_.world.account(sandbox_.world.tooling).buckets[std::string(bucket_name)];
    runs.name = bucket_name;
    runs.region = Region("us-east-1");
    runs.created = start;
    auto& behaviour = sandbox_.behaviour;
    behaviour.rate_limits = true;
    behaviour.latency = options_.latency;
    behaviour.latency_spread = options_.latency_spread;
    behaviour.report_at_hand = false;
    behaviour.report_build_time = options_.report_takes;
    behaviour.new_key_delay = options_.new_key_takes;
    for (const auto& fault : options_.faults) sandbox_.faults.add(fault);
    sandbox_.calls.keep = false;
    sandbox_.after_each_call = [this](const sandbox::LoggedCall& call) {
      const auto name = call.service + ":" + call.operation;
      ++result_.calls[name];
      if (call.code.find("Thrott") != std::string::npos || call.code == "TooManyRequestsException") {
        ++result_.throttled[name];
      } else if (name == "iam:CreateAccessKey" && call.status == 200) {
        ++result_.rotated;
      }
    };
  }

  std::size_t length_of(ObjectStore& bucket, std::string_view object) {
    const auto text = bucket.read(std::string(bucket_name), fmt::format("runs/{}/{}", run_name, object));
    return text ? json::parse(*text).as_array().size() : 0;
  }

  void read_folder(ObjectStore& bucket) {
    result_.listed = length_of(bucket, "accounts.json");
    result_.skipped = length_of(bucket, "skipped.json");
    result_.entered = length_of(bucket, "allotted.json");
    const auto report = bucket.read(std::string(bucket_name), fmt::format("runs/{}/report.json", run_name));
    if (!report) return;
    for (const auto& account : json::parse(*report).at("accounts").as_array()) {
      ++result_.statuses[std::string(account.at("status").as_string())];
    }
  }

  const ScenarioOptions& options_;
  Random random_;
  ScenarioResult result_;
  boost::asio::io_context context_{1};  // before all that waits in it
  VirtualClock clock_;
  simulation::DeadProcesses dead_;
  sandbox::Sandbox sandbox_;
  Surroundings surroundings_;
  LambdaService functions_;
};

}  // namespace

std::string_view name(Day day) {
  switch (day) {
    case Day::usual: return "usual day";
    case Day::first: return "first day";
    case Day::audit: return "audit";
  }
  return "";
}

std::uint64_t ScenarioResult::all_calls() const {
  std::uint64_t sum = 0;
  for (const auto& [operation, number] : calls) sum += number;
  return sum;
}

std::uint64_t ScenarioResult::count(const std::string& operation) const {
  const auto found = calls.find(operation);
  return found == calls.end() ? 0 : found->second;
}

double ScenarioResult::gigabyte_seconds() const {
  double sum = 0;
  for (const auto& [function, tally] : functions) sum += std::chrono::duration<double>(tally.billed).count();
  return sum * static_cast<double>(memory_megabytes) / 1024;
}

std::uint64_t ScenarioResult::requests() const {
  std::uint64_t sum = 0;
  for (const auto& [function, tally] : functions) sum += tally.invocations;
  return sum;
}

ScenarioResult play(const ScenarioOptions& options) {
  log::Settings quiet;
  quiet.level = log::Level::off;
  log::configure(std::move(quiet));
  NoticeKind stage(options);
  return stage.play();
}

}  // namespace rekeyer::scale
