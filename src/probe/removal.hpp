// Taking away what a probe has made, and nothing else.
#pragma once

#include "base/task.hpp"
#include "probe/account.hpp"
#include "probe/thing.hpp"

namespace rekeyer::probe {

enum class Removal {
  taken_away,
  absent,      ///< nothing of that name is there
  not_probes,  ///< something of that name is there that does not carry the run's tag: it was left alone
};

/// Looks at the thing first: without the tag of its run nothing is changed. Then takes it away with all that it has
/// (keys, policies, copies). May be repeated. Fails where AWS refuses or does not get done within some minutes.
ResultTask<Removal> take_away(const Account& account, Thing thing);

/// A user with keys and policies. IAM GetUser, DeleteAccessKey, DeleteUserPolicy, DetachUserPolicy, DeleteUser.
ResultTask<Removal> take_away_user(const Account& account, Thing thing);
/// At once, without a recovery window. Secrets Manager DescribeSecret, RemoveRegionsFromReplication, DeleteSecret.
ResultTask<Removal> take_away_secret(const Account& account, Thing thing);
/// SNS ListTagsForResource, DeleteTopic.
ResultTask<Removal> take_away_topic(const Account& account, Thing thing);

}  // namespace rekeyer::probe
