// Masking by comparison with what was sent: no guess at what secrets look like.
#include "aws/call/masked.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace rekeyer::aws {

std::string masked(std::string_view message, std::string_view secret_text) {
  constexpr std::size_t shortest_piece = 12;
  constexpr std::size_t shortest_secret = 4;
  if (secret_text.size() < shortest_secret) return std::string(message);
  const auto shortest = std::min(shortest_piece, secret_text.size());
  const std::string words = lower_case(message);
  std::string secret = lower_case(secret_text);
  std::string result;
  std::size_t at = 0;
  while (at < message.size()) {
    std::size_t length = shortest;
    const auto repeated = [&] {
      return at + length <= words.size() && secret.contains(std::string_view(words).substr(at, length));
    };
    if (!repeated()) {
      result += message[at++];
      continue;
    }
    while (repeated()) ++length;
    result += "[withheld]";
    at += length - 1;
  }
  wipe(secret.data(), secret.size());
  return result;
}

std::string masked(std::string_view message, std::span<const Secret> secrets) {
  std::string result(message);
  for (const auto& secret : secrets) result = masked(result, secret.reveal());
  return result;
}

}  // namespace rekeyer::aws
