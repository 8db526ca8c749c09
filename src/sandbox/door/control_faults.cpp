// Control calls that order trouble: faults by rule, faults by chance, and the process that signals are for.
#include <array>

#include "base/try.hpp"
#include "sandbox/door/control.hpp"

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
  if (clear) over.stage.clear_faults();
  for (auto& rule : rules) over.sandbox().faults.add(std::move(rule));
  return get_faults(over);
}

ControlReply get_weather(const Controlled& over) {
  const auto& weather = over.stage.weather();
  return boost::json::object{
      {"probability", weather.probability}, {"before", weather.before}, {"after", weather.after}};
}

ControlReply post_weather(const Controlled& over, const ControlBody& body) {
  static constexpr std::array<std::string_view, 3> known{"probability", "before", "after"};
  TRY_VOID(body.only(known));
  auto weather = over.stage.weather();
  TRY(const auto probability, body.number("probability"));
  weather.probability = probability.value_or(weather.probability);
  if (weather.probability < 0 || weather.probability > 1) {
    return fail(ErrorKind::usage, "probability must be a number from 0 to 1");
  }
  TRY(weather.before, body.flag("before", weather.before));
  TRY(weather.after, body.flag("after", weather.after));
  over.stage.set_weather(weather);
  return get_weather(over);
}

ControlReply get_victim(const Controlled& over) { return boost::json::object{{"signalled", over.victim.signalled()}}; }

ControlReply post_victim(const Controlled& over, const ControlBody& body) {
  static constexpr std::array<std::string_view, 1> known{"pid"};
  TRY_VOID(body.only(known));
  TRY(const auto pid, body.number("pid"));
  if (pid) TRY_VOID(over.victim.set(static_cast<std::int64_t>(*pid)));
  return get_victim(over);
}

}  // namespace

std::span<const ControlCommand> fault_commands() {
  static constexpr std::array commands{
      ControlCommand{"faults", "{add: [rule], clear: all, the weather too}: what goes wrong with which calls",
                     get_faults, post_faults},
      ControlCommand{"weather", "{probability, before, after}: faults by chance", get_weather, post_weather},
      ControlCommand{"victim", "{pid}: the process that `signal` faults are for", get_victim, post_victim},
  };
  return commands;
}

}  // namespace rekeyer::sandbox
