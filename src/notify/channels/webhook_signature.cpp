#include "notify/channels/webhook_signature.hpp"

#include <fmt/format.h>

#include "base/digest.hpp"

namespace rekeyer::notify {

std::string webhook_signature(std::string_view key, std::int64_t timestamp, std::string_view body) {
  auto text = fmt::format("{}.", timestamp);
  text += body;
  return "v1=" + hex(hmac_sha256(key, text));
}

}  // namespace rekeyer::notify
