// Control calls that order trouble: faults by rule, faults by chance, and the process that signals are for.
#include <array>

#include "base/try.hpp"
#include "sandbox/server/control.hpp"

namespace rekeyer::sandbox {
namespace {

ControlReply get_faults(const Controlled& over) {
  boost::json::array rules;
  for (const auto& rule : over.sandbox().faults.rules()) rules.emplace_back(describe_fault(rule));
  return rules;
}

ControlReply post_faults(const Controlled& over, const ControlBody& body) {
  static constexpr std::array<std::string_view, 2> known{"clear", "add"};
  TRY_VOID(body.only(known));
  TRY(const auto clear, body.flag("clear", false));
  TRY(const auto descriptions, body.objects("add"));
  std::vector<FaultRule> rules;
  for (const auto* const description : descriptions) {
    TRY(auto rule, parse_fault(*description));
    rules.push_back(std::move(rule));
  }
  if (clear) over.host.clear_faults();
  for (auto& rule : rules) over.sandbox().faults.add(std::move(rule));
  return get_faults(over);
}

ControlReply get_random_faults(const Controlled& over) {
  const auto& random_faults = over.host.random_faults();
  return boost::json::object{
      {"probability", random_faults.probability}, {"before", random_faults.before}, {"after", random_faults.after}};
}

ControlReply post_random_faults(const Controlled& over, const ControlBody& body) {
  static constexpr std::array<std::string_view, 3> known{"probability", "before", "after"};
  TRY_VOID(body.only(known));
  auto random_faults = over.host.random_faults();
  TRY(const auto probability, body.number("probability"));
  random_faults.probability = probability.value_or(random_faults.probability);
  if (random_faults.probability < 0 || random_faults.probability > 1) {
    return fail(ErrorKind::usage, "probability must be a number from 0 to 1");
  }
  TRY(random_faults.before, body.flag("before", random_faults.before));
  TRY(random_faults.after, body.flag("after", random_faults.after));
  over.host.set_random_faults(random_faults);
  return get_random_faults(over);
}

ControlReply get_tested_process(const Controlled& over) {
  return boost::json::object{{"signalled", over.tested_process.signalled()}};
}

ControlReply post_tested_process(const Controlled& over, const ControlBody& body) {
  static constexpr std::array<std::string_view, 1> known{"pid"};
  TRY_VOID(body.only(known));
  TRY(const auto pid, body.number("pid"));
  if (pid) TRY_VOID(over.tested_process.set(static_cast<std::int64_t>(*pid)));
  return get_tested_process(over);
}

}  // namespace

std::span<const ControlCommand> fault_commands() {
  static constexpr std::array commands{
      ControlCommand{"faults", "{add: [rule], clear: all, the weather too}: what goes wrong with which calls",
                     get_faults, post_faults},
      ControlCommand{"weather", "{probability, before, after}: faults by chance", get_random_faults,
                     post_random_faults},
      ControlCommand{"victim", "{pid}: the process that `signal` faults are for", get_tested_process,
                     post_tested_process},
  };
  return commands;
}

}  // namespace rekeyer::sandbox
