#include "base/random.hpp"

namespace rekeyer {

Random Random::from_system() {
  std::random_device device;
  return Random((std::uint64_t{device()} << 32) | device());
}

// Not std::uniform_int_distribution: its results differ between libraries, and a seed must replay everywhere.
std::uint64_t Random::below(std::uint64_t bound) {
  const std::uint64_t limit = ~std::uint64_t{0} - ~std::uint64_t{0} % bound;
  std::uint64_t value = engine_();
  while (value >= limit) value = engine_();
  return value % bound;
}

double Random::unit() { return static_cast<double>(engine_() >> 11) * 0x1.0p-53; }

std::string Random::hex(std::size_t digits) {
  static constexpr char alphabet[] = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < digits; ++i) text += alphabet[below(16)];
  return text;
}

}  // namespace rekeyer
