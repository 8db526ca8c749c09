// The tables of the decision, one a situation. Each is total: its last row always applies.
#pragma once

#include <optional>

#include "policy/user_case.hpp"

namespace rekeyer::policy {

/// What a table says of one key: everything of a KeyDecision but its words.
struct KeyRuling {
  Action action = Action::keep;
  Reason reason = Reason::young;
  std::optional<Instant> due;
};

KeyRuling judge_inactive(const UserCase& user, const KeyView& key);
KeyRuling judge_orphan(const UserCase& user, const KeyView& key);    ///< an active one
KeyRuling judge_retiring(const UserCase& user, const KeyView& key);  ///< an active one
/// The user's only plain key.
KeyRuling judge_single(const UserCase& user, const KeyView& key);
/// One of two or more plain keys.
KeyRuling judge_one_of_several(const UserCase& user, const KeyView& key);

}  // namespace rekeyer::policy
