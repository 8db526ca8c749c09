// What a decision says to people: the facts behind it and the rule that made it.
#pragma once

#include <string>

#include "policy/key_tables.hpp"

namespace rekeyer::policy {

/// The evidence in one line: "created 2026-01-01 (75 days ago), last used 2026-03-10 by s3 in eu-west-1".
std::string detail_of(const UserCase& user, const KeyView& key, const KeyRuling& ruling);

/// The rule that a person would change to get another answer, and where it is set: "rotation_period=90d (default)".
/// Empty where no rule has a say.
std::string rule_of(const UserCase& user, const KeyView& key, const KeyRuling& ruling);

/// "sealed envelope, through 2027-01-31 (SEC-123; rekeyer.toml:31)".
std::string words_of(const Exemption& exemption);

}  // namespace rekeyer::policy
