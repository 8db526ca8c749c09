// What stands on secrets besides their values: tags, also on a secret without a value, made to hold rekeyer's tags for
// a user of whom there is no key to store yet.
#pragma once

#include "aws/services/secrets_manager.hpp"
#include "rotation/settings.hpp"
#include "rotation/user_state.hpp"

namespace rekeyer::rotation {

/// The request that makes it. Pure.
aws::CreateSecret empty_secret(const SecretName& name, const policy::Subject& user, const StoreSettings& store,
                               aws::Tags tags);

/// `tags`, and those of the settings, which policies of an organization may ask for on every secret. Pure.
aws::Tags with_store_tags(aws::Tags tags, const StoreSettings& store);

/// What is written with `tags`: whose the secret is, and the settings' tags. Pure.
aws::Tags secret_tags(const UserState& state, const StoreSettings& store, aws::Tags tags);

}  // namespace rekeyer::rotation
