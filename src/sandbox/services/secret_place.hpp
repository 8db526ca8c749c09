// Where a call's SecretId leads: to a secret of the region, of another account by its ARN, or to a replica's primary.
#pragma once

#include <string>
#include <string_view>

#include "sandbox/services/service.hpp"

namespace rekeyer::sandbox {

/// A secret as one region sees it: the primary's data, and whether that region only holds a replica.
struct SecretPlace {
  StoredSecret* secret = nullptr;
  Region region;
  bool replica = false;
};

/// The call's SecretId, whether or not it is marked for deletion. What was to be gone by now is removed, and not found.
ServiceResult<SecretPlace> any_secret(const Call& call, const Context& context);
/// The same by another name than the call's.
ServiceResult<SecretPlace> any_secret(std::string_view id, const Call& call, const Context& context);
/// Not marked for deletion: what can be read.
ServiceResult<SecretPlace> living_secret(const Call& call, const Context& context);
/// Not a replica either: what can be changed. The state before goes to the secret's past where ListSecrets lags.
ServiceResult<StoredSecret*> changeable_secret(const Call& call, const Context& context);
/// A replica refuses every change.
ServiceResult<StoredSecret*> only_primary(const SecretPlace& place);

/// Has its deletion come true?
bool is_gone(const StoredSecret& secret, Instant now);
/// The region in an ARN; empty where it is none.
std::string_view region_in(std::string_view arn);
/// The account in it; empty where it is none.
std::string_view account_in(std::string_view arn);
/// Does it have a working replica there?
bool replicated_to(const StoredSecret& secret, std::string_view region, Instant now);
/// Its ARN as that region shows it.
std::string arn_seen_in(const StoredSecret& secret, const Region& region);

/// Removes it from the world for good: the secret is no more after this.
void forget(World& world, const StoredSecret& secret);
/// Keeps the secret's state for lists that lag, before it changes.
void note_past(StoredSecret& secret, const AwsBehaviour& behaviour, Instant now);

}  // namespace rekeyer::sandbox
