// A hash that is the same in every build, on every machine and in every year: what is derived from it is kept at AWS.
#pragma once

#include <cstdint>
#include <string_view>

namespace rekeyer {

inline constexpr std::uint64_t stable_hash_start = 14695981039346656037ULL;

/// FNV-1a of 64 bits. `start` goes on from another hash, or spreads the same texts in another way. No defence against
/// whoever wants two texts of the same hash.
constexpr std::uint64_t stable_hash(std::string_view text, std::uint64_t start = stable_hash_start) {
  for (const char c : text) start = (start ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return start;
}

}  // namespace rekeyer
