// The sandbox with its clock, as the HTTP server and its control calls share it: where a world is put up anew.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "sandbox/sandbox.hpp"
#include "sandbox/world/generate.hpp"
#include "sandbox/world/world_file.hpp"

namespace rekeyer::sandbox {

class SandboxHost {
 public:
  /// `real` is the present in real time; the sandbox's clock is that and an offset. The world is empty until one of the
  /// calls below builds it.
  SandboxHost(Clock& real, std::uint64_t seed) : real_(real), clock_(real), seed_(seed), sandbox_(seed) {}
  SandboxHost(const SandboxHost&) = delete;
  SandboxHost& operator=(const SandboxHost&) = delete;

  Sandbox& sandbox() { return sandbox_; }
  Clock& real() { return real_; }
  ShiftedClock& clock() { return clock_; }
  Instant now() const { return clock_.now(); }

  /// Throws everything away (calls, faults, options too) and builds the described world at the present; at the instant
  /// that the member "at" gives, where the description is a dump. Where it fails, all stays as it was.
  Result<> build(const boost::json::object& description);
  Result<> parse(std::string_view description);
  void generate(const WorldShape& shape);
  /// The world as build() reads it back, with the clock's instant in "at".
  boost::json::object dump() const;

  /// What a client needs to know of the world: introduce()'s members, "built" (seconds since 1970) and "seed".
  const boost::json::object& introduction() const { return introduction_; }
  const CallerKey& caller() const { return caller_; }

  std::uint64_t seed() const { return seed_; }
  /// Faults are drawn from this seed from now on, and so is all that the next world leaves open. This world's ids go on
  /// as they were: drawn twice, they would clash.
  void reseed(std::uint64_t seed);
  void set_random_faults(RandomFaults random_faults);
  /// Ends all faults, random ones too.
  void clear_faults();
  const RandomFaults& random_faults() const { return random_faults_; }

 private:
  void put_up(LoadedWorld loaded);

  Clock& real_;
  ShiftedClock clock_;
  std::uint64_t seed_;
  Sandbox sandbox_;
  RandomFaults random_faults_;
  CallerKey caller_;
  boost::json::object introduction_;
};

}  // namespace rekeyer::sandbox
