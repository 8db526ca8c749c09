// One run of the whole distributed machine on a made-up organization: what it is given, and what it took.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/faults/faults.hpp"
#include "scale/lambda_service.hpp"
#include "scale/tally.hpp"

namespace rekeyer::scale {

/// What the day finds: one key in a hundred old enough to be rotated; every key; or as the first, and nothing may be
/// changed.
enum class Day { usual, first, audit };
std::string_view name(Day day);

struct ScenarioOptions {
  std::size_t accounts = 1'000;
  std::size_t users_per_account = 20;
  Day day = Day::usual;
  bool mails = false;  ///< owners are written to by SES
  std::uint64_t seed = 1;
  std::string definition;  ///< the text of deploy/state-machine/rekeyer.asl.json

  std::size_t max_concurrency = 40;  ///< of each map; what the templates in deploy/ begin with
  double tolerated_failure_percentage = 100;
  std::size_t memory_megabytes = 256;
  std::size_t max_changes = 1'000;

  LambdaSettings lambda;
  StepFunctionsSettings steps;
  double cpu_milliseconds_per_call = 1;  ///< of a whole processor: 1,769 MB have one
  Milliseconds latency{40};
  Milliseconds latency_spread{20};
  Milliseconds report_takes{5'000};   ///< to build a credential report
  Milliseconds new_key_takes{8'000};  ///< to be known everywhere

  std::function<Fate(const std::string& function, const std::string& event)> fate;  ///< of invocations, for tests
  std::vector<sandbox::FaultRule> faults;                                           ///< of calls to AWS, for tests
};

struct ScenarioResult {
  Outcome output;  ///< of the execution: what summarise answered
  Milliseconds wall{0};
  ExecutionTally steps;
  std::map<std::string, FunctionTally> functions;
  std::size_t most_running = 0;
  std::size_t memory_megabytes = 0;

  std::size_t users = 0;
  std::size_t old_keys = 0;
  std::size_t listed = 0;                       ///< accounts in accounts.json
  std::size_t skipped = 0;                      ///< in skipped.json
  std::size_t entered = 0;                      ///< in allotted.json
  std::map<std::string, std::size_t> statuses;  ///< accounts in report.json
  std::uint64_t rotated = 0;                    ///< keys that were created
  std::map<std::string, std::uint64_t> calls;   ///< to AWS, by "service:Operation"
  std::map<std::string, std::uint64_t> throttled;

  std::uint64_t all_calls() const;
  double gigabyte_seconds() const;
  std::uint64_t requests() const;  ///< to Lambda
  std::uint64_t puts() const { return count("s3:PutObject") + steps.writes; }
  std::uint64_t gets() const { return count("s3:GetObject") + steps.reads; }

 private:
  std::uint64_t count(const std::string& operation) const;
};

/// Throws std::logic_error where the machine can't be interpreted, or a task waits for nothing.
ScenarioResult play(const ScenarioOptions& options);

}  // namespace rekeyer::scale
