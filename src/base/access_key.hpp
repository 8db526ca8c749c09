// What the services say of an access key, in the words that policy and clients share.
#pragma once

#include <string>

#include "base/names.hpp"
#include "base/time.hpp"

namespace rekeyer {

enum class KeyStatus {
  active,
  inactive,
  other,  ///< a status that AWS added later (such as Expired): not usable, never acted on
};

/// When a key was last used, as far as AWS tells. `unknown` is not `never`: nothing is retired on it (I2).
struct LastUse {
  enum class State { unknown, never, used };
  State state = State::unknown;
  Instant at{};         ///< when state == used
  std::string service;  ///< short name such as "s3"; may be empty
  std::string region;   ///< may be empty

  static LastUse unknown() { return {}; }
  static LastUse never() { return {State::never, {}, {}, {}}; }
  static LastUse used(Instant at, std::string service = {}, std::string region = {}) {
    return {State::used, at, std::move(service), std::move(region)};
  }
  bool operator==(const LastUse&) const = default;
};

}  // namespace rekeyer
