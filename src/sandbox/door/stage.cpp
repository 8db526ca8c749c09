#include "sandbox/door/stage.hpp"

#include <utility>

#include "base/try.hpp"

namespace rekeyer::sandbox {
Result<> Stage::build(const boost::json::object& description) {
  TRY(auto loaded, load_world(description, seed_, real_.now()));
  put_up(std::move(loaded));
  return {};
}

Result<> Stage::parse(std::string_view description) {
  TRY(auto loaded, parse_world(description, seed_, real_.now()));
  put_up(std::move(loaded));
  return {};
}

void Stage::generate(const WorldShape& shape) {
  seed_ = shape.seed;
  const auto now = real_.now();
  auto loaded = generate_world(shape, now);
  loaded.now = now;
  put_up(std::move(loaded));
}

void Stage::put_up(LoadedWorld loaded) {
  const auto now = loaded.now;
  introduction_ = introduce(loaded);
  introduction_["built"] = static_cast<double>(now.time_since_epoch().count()) / 1000.0;
  introduction_["seed"] = seed_;
  caller_ = std::move(loaded.caller);
  auto observer = std::move(sandbox_.after_each_call);
  sandbox_ = Sandbox(seed_);
  sandbox_.world = std::move(loaded.world);
  sandbox_.truths = loaded.truths;
  sandbox_.after_each_call = std::move(observer);
  weather_ = {};
  clock_.set_offset(now - real_.now());
}

boost::json::object Stage::dump() const {
  auto dumped = dump_world(sandbox_.world, sandbox_.truths);
  dumped["at"] = iso8601(now());
  return dumped;
}

void Stage::reseed(std::uint64_t seed) {
  seed_ = seed;
  const auto rules = sandbox_.faults.rules();
  sandbox_.faults = Faults(seed + 1);
  for (const auto& rule : rules) sandbox_.faults.add(rule);
  sandbox_.faults.set_weather(weather_);
}

void Stage::set_weather(FaultWeather weather) {
  weather_ = weather;
  sandbox_.faults.set_weather(weather);
}

void Stage::clear_faults() {
  weather_ = {};
  sandbox_.faults.clear();
}

}  // namespace rekeyer::sandbox
