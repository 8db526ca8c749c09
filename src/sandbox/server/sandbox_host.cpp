#include "sandbox/server/sandbox_host.hpp"

#include <utility>

#include "base/try.hpp"

namespace rekeyer::sandbox {
Result<> SandboxHost::build(const boost::json::object& description) {
  TRY(auto loaded, load_world(description, seed_, real_.now()));
  put_up(std::move(loaded));
  return {};
}

Result<> SandboxHost::parse(std::string_view description) {
  TRY(auto loaded, parse_world(description, seed_, real_.now()));
  put_up(std::move(loaded));
  return {};
}

void SandboxHost::generate(const WorldShape& shape) {
  seed_ = shape.seed;
  const auto now = real_.now();
  auto loaded = generate_world(shape, now);
  loaded.now = now;
  put_up(std::move(loaded));
}

void SandboxHost::put_up(LoadedWorld loaded) {
  const auto now = loaded.now;
  introduction_ = introduce(loaded);
  introduction_["built"] = static_cast<double>(now.time_since_epoch().count()) / 1000.0;
  introduction_["seed"] = seed_;
  caller_ = std::move(loaded.caller);
  auto observer = std::move(sandbox_.after_each_call);
  sandbox_ = Sandbox(seed_);
  sandbox_.world = std::move(loaded.world);
  sandbox_.behaviour = loaded.behaviour;
  sandbox_.after_each_call = std::move(observer);
  random_faults_ = {};
  clock_.set_offset(now - real_.now());
}

boost::json::object SandboxHost::dump() const {
  auto dumped = dump_world(sandbox_.world, sandbox_.behaviour);
  dumped["at"] = iso8601(now());
  return dumped;
}

void SandboxHost::reseed(std::uint64_t seed) {
  seed_ = seed;
  const auto rules = sandbox_.faults.rules();
  sandbox_.faults = Faults(seed + 1);
  for (const auto& rule : rules) sandbox_.faults.add(rule);
  sandbox_.faults.set_random_faults(random_faults_);
}

void SandboxHost::set_random_faults(RandomFaults random_faults) {
  random_faults_ = random_faults;
  sandbox_.faults.set_random_faults(random_faults);
}

void SandboxHost::clear_faults() {
  random_faults_ = {};
  sandbox_.faults.clear();
}

}  // namespace rekeyer::sandbox
