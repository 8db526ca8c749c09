// The tables of the decision, one a situation. Each is total: its last row always applies.
#pragma once

#include <optional>

#include "policy/user_case.hpp"

namespace rekeyer::policy {

/// What a table says of one key: everything of a KeyDecision but its words.
struct Verdict {
  Action action = Action::keep;
  Reason reason = Reason::young;
  std::optional<Instant> due;
};

Verdict judge_inactive(const UserCase& user, const KeyView& key);
Verdict judge_orphan(const UserCase& user, const KeyView& key);    ///< an active one
Verdict judge_retiring(const UserCase& user, const KeyView& key);  ///< an active one
/// The user's only plain key.
Verdict judge_single(const UserCase& user, const KeyView& key);
/// One of two or more plain keys.
Verdict judge_one_of_several(const UserCase& user, const KeyView& key);

}  // namespace rekeyer::policy
