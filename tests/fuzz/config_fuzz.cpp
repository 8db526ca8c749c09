// rekeyer.toml: every file is either taken or has problems, each with a line.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "config/config.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto settings = rekeyer::config::parse({reinterpret_cast<const char*>(data), size}, "rekeyer.toml");
  if (settings) return 0;
  if (settings.error().empty()) std::abort();
  for (const auto& problem : settings.error()) {
    if (problem.line < 1 || problem.message.empty()) std::abort();
  }
  return 0;
}
