#include "sandbox/door/stage.hpp"

#include <fmt/format.h>

#include <boost/json/parse.hpp>
#include <utility>

#include "base/try.hpp"

namespace rekeyer::sandbox {
namespace {

/// Where the description says when it was dumped, the instant; the present otherwise. Takes the member out.
Result<Instant> take_instant(boost::json::object& description, Instant present) {
  const auto* const at = description.if_contains("at");
  if (at == nullptr) return present;
  const auto* const text = at->if_string();
  const auto instant = text == nullptr ? std::nullopt : parse_iso8601(std::string_view(*text));
  if (!instant) return fail(ErrorKind::usage, "at: an instant such as \"2026-01-02T03:04:05Z\"");
  description.erase("at");
  return *instant;
}

}  // namespace

Result<> Stage::build(boost::json::object description) {
  TRY(const auto at, take_instant(description, real_.now()));
  TRY(auto loaded, load_world(description, seed_, at));
  put_up(std::move(loaded), at);
  return {};
}

Result<> Stage::parse(std::string_view description) {
  boost::system::error_code broken;
  auto document = boost::json::parse(boost::json::string_view(description.data(), description.size()), broken);
  if (broken) return fail(ErrorKind::usage, fmt::format("not JSON: {}", broken.message()));
  auto* const object = document.if_object();
  if (object == nullptr) return fail(ErrorKind::usage, "not a JSON object");
  return build(std::move(*object));
}

void Stage::generate(const WorldShape& shape) {
  seed_ = shape.seed;
  const auto at = real_.now();
  put_up(generate_world(shape, at), at);
}

void Stage::put_up(LoadedWorld loaded, Instant at) {
  introduction_ = introduce(loaded);
  introduction_["built"] = static_cast<double>(at.time_since_epoch().count()) / 1000.0;
  introduction_["seed"] = seed_;
  caller_ = std::move(loaded.caller);
  auto observer = std::move(sandbox_.after_each_call);
  sandbox_ = Sandbox(seed_);
  sandbox_.world = std::move(loaded.world);
  sandbox_.truths = loaded.truths;
  sandbox_.after_each_call = std::move(observer);
  weather_ = {};
  clock_.set_offset(at - real_.now());
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
