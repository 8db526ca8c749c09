// How long rights take to hold: seen by whether somebody may list secrets.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "probe/bench.hpp"

namespace rekeyer::probe {

/// The action that is watched, as JSON; a session without MFA may use it, which IAM's own actions are not.
inline constexpr std::string_view listing_rights = R"("secretsmanager:ListSecrets")";

enum class Listing { allowed, denied };
struct Spread {
  std::optional<Milliseconds> took;  ///< nothing: not within five minutes
  std::string refusal;               ///< the last one
};

/// Until ListSecrets is allowed, or denied, three times in a row. Fails where it is refused for anything else.
ResultTask<Spread> until_listing(Bench& bench, Client client, Listing wanted);

/// Within a minute, as believed.
Finding judge_listing(const Spread& spread);

}  // namespace rekeyer::probe
