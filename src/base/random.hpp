// Randomness, injected: seeded from the system in production, from a printed number in tests.
#pragma once

#include <cstdint>
#include <random>
#include <string>

namespace rekeyer {

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}
  /// Seeded from the operating system.
  static Random from_system();

  std::uint64_t next() { return engine_(); }
  /// Uniform in [0, bound); bound > 0.
  std::uint64_t below(std::uint64_t bound);
  /// Uniform in [0, 1).
  double unit();
  bool chance(double probability) { return unit() < probability; }
  /// `digits` hexadecimal digits.
  std::string hex(std::size_t digits);

 private:
  std::mt19937_64 engine_;
};

}  // namespace rekeyer
