// Masking by comparison with what was sent: no guess at what secrets look like.
#include "aws/call/masked.hpp"

namespace rekeyer::aws {

std::string masked(std::string_view message, std::string_view secret_text) {
  constexpr std::size_t shortest = 12;
  std::string result;
  std::size_t at = 0;
  while (at < message.size()) {
    std::size_t length = shortest;
    const auto repeated = [&] {
      return at + length <= message.size() && secret_text.find(message.substr(at, length)) != std::string_view::npos;
    };
    if (!repeated()) {
      result += message[at++];
      continue;
    }
    while (repeated()) ++length;
    result += "[withheld]";
    at += length - 1;
  }
  return result;
}

}  // namespace rekeyer::aws
