// Control calls that put up a whole world, move its clock and switch its behaviour.
#include <fmt/format.h>

#include <array>
#include <cmath>

#include "base/try.hpp"
#include "sandbox/server/control.hpp"
#include "sandbox/services/operations.hpp"

namespace rekeyer::sandbox {
namespace {

/// Further than this the clock's arithmetic and every date format have long lost their meaning.
constexpr double farthest_days = 365.0 * 1000;

boost::json::value time_told(const Controlled& over) {
  const auto now = over.host.now();
  return boost::json::object{{"now", iso8601(now)},
                             {"epoch", static_cast<double>(now.time_since_epoch().count()) / 1000.0}};
}

ControlReply get_ping(const Controlled&) { return boost::json::object{{"ready", true}}; }

ControlReply get_world(const Controlled& over) { return over.host.dump(); }

ControlReply post_world(const Controlled& over, const ControlBody& body) {
  TRY_VOID(over.host.build(body.members()));
  return over.host.introduction();
}

ControlReply get_introduction(const Controlled& over) { return over.host.introduction(); }

ControlReply post_generate(const Controlled& over, const ControlBody& body) {
  static constexpr std::array<std::string_view, 4> known{"seed", "accounts", "users", "tended"};
  TRY_VOID(body.only(known));
  WorldShape shape;
  TRY(const auto seed, body.count("seed"));
  TRY(const auto accounts, body.count("accounts"));
  TRY(const auto users, body.count("users"));
  TRY(shape.tended, body.flag("tended", false));
  shape.seed = seed.value_or(over.host.seed());
  shape.accounts = accounts.value_or(shape.accounts);
  shape.users = users.value_or(shape.users);
  if (shape.accounts == 0 || shape.accounts > 100'000 || shape.users > 10'000'000) {
    return fail(ErrorKind::usage, "accounts must be 1 to 100000, users at most 10000000");
  }
  over.host.generate(shape);
  return over.host.introduction();
}

ControlReply get_operations(const Controlled&) {
  boost::json::object services;
  for (const auto& [service, names] : operation_names()) {
    services[service] = boost::json::array(names.begin(), names.end());
  }
  return services;
}

ControlReply get_clock(const Controlled& over) { return time_told(over); }

ControlReply post_clock(const Controlled& over, const ControlBody& body) {
  static constexpr std::array<std::string_view, 2> known{"days", "advance"};
  TRY_VOID(body.only(known));
  TRY(const auto days, body.number("days"));
  TRY(const auto advance, body.number("advance"));
  auto& clock = over.host.clock();
  auto offset_days = static_cast<double>(clock.offset().count()) / 86'400'000.0;
  if (days) offset_days = *days;
  if (advance) offset_days += *advance / 86'400.0;
  if (std::abs(offset_days) > farthest_days) return fail(ErrorKind::usage, "the clock goes a thousand years at most");
  clock.set_offset(Milliseconds(std::llround(offset_days * 86'400'000.0)));
  return time_told(over);
}

ControlReply get_options(const Controlled& over) { return describe_behaviour(over.sandbox().behaviour); }

ControlReply post_options(const Controlled& over, const ControlBody& body) {
  TRY_VOID(set_behaviour(over.sandbox().behaviour, body.members()));
  return describe_behaviour(over.sandbox().behaviour);
}

ControlReply get_seed(const Controlled& over) { return boost::json::object{{"seed", over.host.seed()}}; }

ControlReply post_seed(const Controlled& over, const ControlBody& body) {
  static constexpr std::array<std::string_view, 1> known{"seed"};
  TRY_VOID(body.only(known));
  TRY(const auto seed, body.count("seed"));
  if (seed) over.host.reseed(*seed);
  return get_seed(over);
}

}  // namespace

std::span<const ControlCommand> world_commands() {
  static constexpr std::array commands{
      ControlCommand{"ping", "is it there?", get_ping, nullptr},
      ControlCommand{"world", "read: the whole world as a world file; write: throw all away and build this one",
                     get_world, post_world},
      ControlCommand{"introduction", "ids and credentials of the world as it was built", get_introduction, nullptr},
      ControlCommand{"operations", "what can be called, service by service", get_operations, nullptr},
      ControlCommand{"generate", "throw all away and make a world from {seed, accounts, users, tended}", nullptr,
                     post_generate},
      ControlCommand{"clock", "{days}: so long after the present; {advance}: so many seconds on", get_clock,
                     post_clock},
      ControlCommand{"options", "AWS's awkward truths; durations in seconds", get_options, post_options},
      ControlCommand{"seed", "{seed}: of faults from now on, and of the next world", get_seed, post_seed},
  };
  return commands;
}

}  // namespace rekeyer::sandbox
