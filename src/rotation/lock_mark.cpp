#include "rotation/lock_mark.hpp"

#include "policy/tag_parts.hpp"

namespace rekeyer::rotation {
namespace {

/// Of the format: what a later version writes is not taken for another configuration.
constexpr std::string_view edition = "1 ";

}  // namespace

std::string lock_mark(const WantedPolicy& wanted) { return std::string(edition) + fingerprint(wanted); }

LockMark read_lock_mark(const aws::SecretDescription& secret, const WantedPolicy& wanted) {
  const auto* mark = policy::value_of(secret.tags, lock_tag);
  if (mark == nullptr || !mark->starts_with(edition)) return LockMark::unknown;
  return *mark == lock_mark(wanted) ? LockMark::as_wanted : LockMark::otherwise;
}

}  // namespace rekeyer::rotation
