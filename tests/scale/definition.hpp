// A state machine's definition, read from its file: the states that deploy/state-machine/rekeyer.asl.json uses, each
// member checked. A member or a kind of state that the interpreter would not honour is an error, so that its numbers
// are never those of another machine.
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"

namespace rekeyer::scale {

struct Retrier {
  std::vector<std::string> errors;
  Milliseconds interval{1000};
  int max_attempts = 3;
  double backoff_rate = 2;
  std::optional<Milliseconds> max_delay;
  bool full_jitter = false;
};

struct Catcher {
  std::vector<std::string> errors;
  std::string result_path = "$";
  std::string next;
};

struct ChoiceRule {
  std::string variable;
  std::optional<bool> boolean_equals;
  std::optional<std::string> string_equals;
  std::optional<std::int64_t> greater_than;
  std::string next;
};

struct Machine;

/// A Map in distributed mode over an array in S3, its children STANDARD.
struct DistributedMap {
  boost::json::value reader;         ///< template of {"Bucket", "Key"}
  boost::json::value item_selector;  ///< template
  boost::json::value writer;         ///< template of {"Bucket", "Prefix"}
  std::size_t max_concurrency = 0;
  double tolerated_failure_percentage = 0;
  std::shared_ptr<const Machine> processor;
};

enum class StateType { task, choice, pass, map };

struct State {
  std::string name;
  StateType type = StateType::pass;
  std::string next;  ///< empty: the end, or a choice
  std::optional<boost::json::value> parameters;
  std::optional<boost::json::value> result_selector;
  std::string result_path = "$";
  std::string output_path = "$";
  std::vector<Retrier> retry;
  std::vector<Catcher> catchers;
  std::vector<ChoiceRule> choices;
  std::string otherwise;  ///< a choice's Default
  std::optional<DistributedMap> map;
};

struct Machine {
  std::string start_at;
  std::map<std::string, State> states;
};

/// `substitutions`: for "${Name}" in the text. Fails with `usage`: what is wrong, and in which state.
Result<Machine> parse_machine(std::string_view text, const std::map<std::string, std::string>& substitutions);

}  // namespace rekeyer::scale
