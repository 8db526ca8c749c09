// A secret without a value, made to hold rekeyer's tags for a user of whom there is no key to store yet.
#pragma once

#include "aws/services/secrets_manager.hpp"
#include "rotation/settings.hpp"

namespace rekeyer::rotation {

/// The request that makes it. Pure.
aws::CreateSecret empty_secret(const SecretName& name, const AccountId& account, const UserName& user,
                               const StoreSettings& store, aws::Tags tags);

}  // namespace rekeyer::rotation
