// Is a secret that has a user's name really his, and may its record be believed? Whoever has rights to Secrets Manager
// in the account can make it before rekeyer does, tag it, and put values and policies on it. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/services/secrets_manager.hpp"
#include "base/names.hpp"
#include "rotation/proofs.hpp"
#include "rotation/secret_policy.hpp"
#include "rotation/settings.hpp"

namespace rekeyer::rotation {

struct Trust {
  enum class State {
    unlocked,   ///< secrets are not locked here: believed, as whoever may tag it is
    ours,       ///< its lock holds everywhere since it was made or taken over
    fresh,      ///< rekeyer made it within the day of its last change: to be settled once its lock holds everywhere
    adoptable,  ///< nothing of others is on it: to be locked, and then taken over with a new record
    foreign,    ///< something of others is, or may be: not touched
    marked,     ///< scheduled for deletion, so that nobody sees its policy: nothing is done by it before it is restored
  };
  State state = State::unlocked;
  bool locked = false;  ///< nobody but its writers may change it
  bool proved = false;  ///< marked: its proof is the user's, which is all that can be told
  std::string why;      ///< foreign, or marked and never to be rekeyer's: what is on it, for people
};

/// Is the KMS key of a secret, as DescribeSecret gives it, the configured one, as far as their names tell? An alias is
/// another name than the key's ARN. Empty: AWS's own key.
bool same_key(std::string_view on_secret, std::string_view configured);

/// What is on the secret besides values and a policy that rekeyer did not put there: tags, another user's id, a KMS
/// key, copies, a rotation. In words.
std::vector<std::string> strange_things(const aws::SecretDescription& secret, const UserId& user,
                                        const StoreSettings& store);

/// Is it locked, and by its id and its proof, fresh or settled, that user's? The user's id must be known.
bool is_proved(const aws::SecretDescription& secret, const PolicyReview& policy, const UserId& user,
               const Proofs& proofs);

/// Of a secret that is to be locked, see lockable().
Trust judge_trust(const aws::SecretDescription& secret, const PolicyReview& policy, const UserId& user,
                  const StoreSettings& store, const Proofs& proofs, Instant now);

}  // namespace rekeyer::rotation
