// What stands on secrets besides their values: tags, also on a secret without a value, made to hold rekeyer's tags for
// a user of whom there is no key to store yet.
#pragma once

#include "aws/services/secrets_manager.hpp"
#include "rotation/settings.hpp"
#include "rotation/user_state.hpp"

namespace rekeyer::rotation {

/// Of one secret, by AWS's quota.
inline constexpr std::size_t most_tags = 50;

/// How many tags a secret with `tags` has once a rotation, and what follows it, have written all that they may have to
/// write. Pure.
std::size_t tags_at_most(aws::Tags tags, const StoreSettings& store);

/// Can rekeyer:lock stand beside them? It is there for counting, so it takes no place that another tag may need. Pure.
bool has_room_for_mark(const aws::Tags& tags, const StoreSettings& store);

/// The request that makes it. Pure.
aws::CreateSecret empty_secret(const SecretName& name, const policy::Subject& user, const StoreSettings& store,
                               aws::Tags tags);

/// `tags`, and those of the settings, which policies of an organization may ask for on every secret. Pure.
aws::Tags with_store_tags(aws::Tags tags, const StoreSettings& store);

/// What is written with `tags`: whose the secret is, and the settings' tags. Pure.
aws::Tags secret_tags(const UserState& state, const StoreSettings& store, aws::Tags tags);

}  // namespace rekeyer::rotation
