// Whose use it is that AWS shows of a key.
#include "policy/facts.hpp"
#include "policy/intent.hpp"

namespace rekeyer::policy {
namespace {

/// AWS rounds last uses to the minute or so, and a run may be a little late with what it signs.
constexpr std::chrono::minutes rounding{5};

}  // namespace

bool only_verified(const KeyFacts& key) {
  const LastUse& use = key.last_use;
  return key.stored != Stored::no && use.state == LastUse::State::used && use.service == "sts" &&
         use.at <= key.created + lease_length + rounding;
}

LastUse use_by_owner(const KeyFacts& key) { return only_verified(key) ? LastUse::never() : key.last_use; }

}  // namespace rekeyer::policy
