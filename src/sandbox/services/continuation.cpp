#include "sandbox/services/continuation.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>

#include "base/stable_hash.hpp"

namespace rekeyer::sandbox {
namespace {

constexpr std::size_t seal_length = 16;

/// A hash over the question and the value: enough to tell a token of ours from a made-up one.
std::uint64_t seal(std::string_view question, std::uint64_t value) {
  std::string bytes;
  for (int shift = 0; shift < 64; shift += 8) bytes += static_cast<char>(value >> shift & 0xff);
  return stable_hash(bytes, stable_hash(question));
}

}  // namespace

std::string continuation_token(std::string_view question, Continuation continuation) {
  const std::uint64_t value = continuation.position * 2 + (continuation.after_empty ? 1 : 0);
  return fmt::format("{:016x}{:x}", seal(question, value), value);
}

std::optional<Continuation> read_continuation(std::string_view question, std::string_view token) {
  if (token.size() <= seal_length) return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, problem] = std::from_chars(token.data() + seal_length, token.data() + token.size(), value, 16);
  if (problem != std::errc() || end != token.data() + token.size()) return std::nullopt;
  const Continuation continuation{.position = value / 2, .after_empty = value % 2 == 1};
  if (continuation_token(question, continuation) != token) return std::nullopt;
  return continuation;
}

}  // namespace rekeyer::sandbox
