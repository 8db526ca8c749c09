// An operator vouches for secrets that an earlier version made, before secrets were locked: what of such a record AWS's
// own dates carry. Pure.
#pragma once

#include <string>
#include <vector>

#include "policy/facts.hpp"
#include "rotation/trust.hpp"

namespace rekeyer::rotation {

struct Vouching {
  bool possible = false;
  std::string why_not;                       ///< where it is not
  bool record_stands = false;                ///< else its clocks start anew
  std::string why_anew;                      ///< where it does not
  std::vector<std::string> kept_statements;  ///< of others, who may read: for [store] readers
};

/// May the secret be taken over, as its operator says that whatever was made before `before` is rekeyer's? `claimed`
/// are the user's keys, and what the secret says of them.
Vouching judge_vouching(const aws::SecretDescription& secret, const PolicyReview& policy,
                        const policy::UserFacts& claimed, const UserId& user, const StoreSettings& store,
                        Instant before);

/// What becomes of the record that the secret has: "its record stands", or why not.
std::string record_words(const Vouching& vouching);

/// What of others stays on the secret, for the end of a sentence to the operator; empty: nothing.
std::string kept_words(const Vouching& vouching);

}  // namespace rekeyer::rotation
