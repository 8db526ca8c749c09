// What somebody with all rights to secrets writes on one, so that rekeyer may take it for its own.
#pragma once

#include <optional>
#include <string>

#include "base/random.hpp"
#include "policy/tag_parts.hpp"
#include "rotation/settings.hpp"
#include "sandbox/world/world.hpp"

namespace rekeyer::simulation {

/// Whose name he stands at, and when.
struct Target {
  const sandbox::World& world;
  const rotation::Settings& settings;
  AccountId account;
  const sandbox::User& user;
  Instant now;
};

/// Records, intents, ids and the like, as if rekeyer had written them; sometimes a tag of his own. `proof`: also the
/// tag that, together with a lock, says that the record was begun under it: made up, or another secret's.
policy::TagMap forged_tags(Random& random, const Target& target, bool proof);

/// A value for that key as rekeyer writes it, but for the secret, which he does not know.
std::string text_of_another_secret(const AccessKeyId& key);

/// A value that names one of the victim's keys, and its token: sometimes rekeyer's own for that key.
struct ForgedValue {
  std::string token;
  std::string text;
};
ForgedValue forged_value(Random& random, const Target& target);

/// A policy that lets him read, or keeps the owner from it; or a copy of rekeyer's own.
std::string forged_policy(Random& random, const Target& target, const Arn& himself);

}  // namespace rekeyer::simulation
