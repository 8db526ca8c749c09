#include "sandbox/world/key_use.hpp"

#include <utility>

namespace rekeyer::sandbox {

void record_use(AccessKey& key, KeyUse use, Milliseconds lag) {
  const auto shown_until = use.at - lag;
  if (key.last_use) {
    if (key.last_use->at <= shown_until) {
      key.earlier_use = key.last_use;
      key.waiting_use = {};
    } else if (key.waiting_use == Instant{}) {
      key.waiting_use = key.last_use->at;
    } else if (key.waiting_use <= shown_until) {
      key.earlier_use = KeyUse{key.waiting_use, key.last_use->service, key.last_use->region};
      key.waiting_use = key.last_use->at;
    }
  }
  key.last_use = std::move(use);
}

std::optional<KeyUse> visible_use(const AccessKey& key, Instant now, Milliseconds lag) {
  const auto shown_until = now - lag;
  if (key.last_use && key.last_use->at <= shown_until) return key.last_use;
  if (key.waiting_use != Instant{} && key.waiting_use <= shown_until && key.last_use) {
    return KeyUse{key.waiting_use, key.last_use->service, key.last_use->region};
  }
  return key.earlier_use;
}

}  // namespace rekeyer::sandbox
