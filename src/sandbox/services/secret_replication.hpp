// Replicas of a secret in other regions: they are not stored, they answer from their primary, until they are taken off
// it.
#pragma once

#include <vector>

#include "sandbox/services/service.hpp"

namespace rekeyer::sandbox {

/// The replicas that the call's AddReplicaRegions asks for, and how each ends: at once in sync, or failed where the
/// region has a secret of that name (unless the call overwrites it) or lacks the key. Empty where the call asks for
/// none. Refuses the primary's own region and one that has a replica. Changes nothing.
ServiceResult<std::vector<SecretReplica>> wanted_replicas(const Call& call, const Context& context,
                                                          const StoredSecret& secret);
/// Adds them; where the call overwrites, the secrets of that name in their regions go.
void add_replicas(StoredSecret& secret, std::vector<SecretReplica> replicas, const Context& context);

Output replicate_secret_to_regions(const Call& call, const Context& context);
Output remove_regions_from_replication(const Call& call, const Context& context);
/// Called in the replica's region: makes it a secret of its own.
Output stop_replication_to_replica(const Call& call, const Context& context);

}  // namespace rekeyer::sandbox
