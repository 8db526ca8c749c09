// What is known of one user: fresh calls put together into the facts that policy decides on, and the secret they came
// with.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/task.hpp"
#include "policy/facts.hpp"
#include "policy/rules.hpp"
#include "rotation/access.hpp"
#include "rotation/settings.hpp"

namespace rekeyer::rotation {

/// Labels of a secret's versions in Secrets Manager: published, and stored only.
inline constexpr std::string_view stage_current = "AWSCURRENT";
inline constexpr std::string_view stage_pending = "AWSPENDING";

/// The user, who they are for the rules, and whether the exemption list could be read for them.
struct UserContext {
  policy::Subject subject;
  std::optional<std::string> exemption_unreadable;
};

/// Facts, and what they were read from.
struct UserState {
  policy::UserFacts facts;
  policy::Rules rules;
  std::optional<aws::SecretDescription> secret;  ///< nothing: there is none
  SecretName secret_name;
  Arn user_arn;
};

/// Fills custody, intent and `stored` of the facts from a secret's description. Pure; shared by survey and fresh reads.
void read_secret(const aws::SecretDescription& secret, Instant now, policy::UserFacts& facts);

/// What the secret's tag says that the owner was told; empty where it says nothing that can be read. Pure.
policy::NoticeRecord read_told(const aws::SecretDescription& secret);

/// Rules and exemption for the user, put into rules and facts. Pure.
void read_rules(const policy::PolicyConfig& config, const UserContext& context, Instant now, policy::UserFacts& facts,
                policy::Rules& rules);

/// Fresh facts: IAM ListAccessKeys, GetAccessKeyLastUsed for each key, Secrets Manager DescribeSecret last, so that
/// whatever is decided on them follows right after the intent was looked at. A last use that can't be read is
/// `unknown`; anything else that can't be read fails. `not_found`: the user is gone.
ResultTask<UserState> read_user(ReadAccess& access, const Settings& settings, UserContext context, Instant now);

}  // namespace rekeyer::rotation
