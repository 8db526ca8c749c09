// Webhooks' signatures. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace rekeyer::notify {

/// "v1=…" over "timestamp.body": what X-Rekeyer-Signature says (docs/events.md has the code that checks it).
std::string webhook_signature(std::string_view key, std::int64_t timestamp, std::string_view body);

}  // namespace rekeyer::notify
