// What people change in the simulated world with their own hands, behind rekeyer's back; the world's record has it.
#pragma once

#include <string_view>

#include "base/names.hpp"
#include "base/time.hpp"
#include "sandbox/world/world.hpp"

namespace rekeyer::simulation {

/// Who does it: a word for the world's record.
struct Hand {
  sandbox::World& world;
  Instant now;
  std::string_view by;
};

/// A new key of the user, who must exist, with its secret in the record. IAM's limit is the caller's business.
AccessKeyId make_key(const Hand& hand, const AccountId& account, const UserName& user);
/// False where it is so already, or where there is no such key.
bool switch_key(const Hand& hand, const AccessKeyId& id, bool active);
void delete_key(const Hand& hand, const AccessKeyId& id);
/// With all keys, which need not be deleted first.
void remove_user(const Hand& hand, const AccountId& account, const UserName& user);

}  // namespace rekeyer::simulation
