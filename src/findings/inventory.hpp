// Every key of the scope with all that is known of it: the one model behind tables, CSV and JSON of what there is. Pure
// data; docs/inventory.md says what each part means.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/services/iam.hpp"
#include "base/access_key.hpp"
#include "base/names.hpp"
#include "base/time.hpp"
#include "policy/decision.hpp"
#include "policy/facts.hpp"
#include "rotation/account_outcome.hpp"

namespace rekeyer::findings {

/// Where a key stands in its life. Each key is in exactly one; in the order of how much a person should care.
enum class KeyState {
  unclear,   ///< what is needed to decide can't be read
  held,      ///< something is due, and is not done for a reason
  due,       ///< something is due, and a run does it
  exempt,    ///< its user is
  retiring,  ///< replaced by a newer one, and still active
  inactive,  ///< switched off; can be switched on again until it is deleted
  within,    ///< younger than the policy's limit
};
std::string_view name(KeyState state);

struct KeyEntry {
  AccessKeyId id;  ///< or its slot in the credential report: see docs/output.md
  KeyStatus status = KeyStatus::other;
  std::optional<Instant> created;
  LastUse last_use;
  LastUse owner_use;  ///< the last use by anybody but rekeyer
  KeyState state = KeyState::unclear;
  policy::Action decision = policy::Action::keep;
  policy::Reason reason = policy::Reason::young;
  std::string detail;
  std::string rule;                    ///< "rotation_period=90d (default)"; may be empty
  std::optional<policy::Action> next;  ///< rotate, deactivate or remove: what comes next in its life
  std::optional<Instant> next_at;      ///< when it falls, or fell, due
};

struct UserEntry {
  AccountId account;
  std::string account_name;
  UserName name;
  UserId id;
  std::string path;
  std::vector<KeyEntry> keys;  ///< in order of creation; may be empty
  std::vector<std::string> owners;
  std::string owner_source;   ///< "user tag owner"; empty where nobody is known
  std::string owner_problem;  ///< why nobody is
  std::optional<policy::Exemption> exemption;
  aws::ReportedLogin login;
  SecretName secret;  ///< empty: he has none
};

/// One account of the scope: what was looked at, and what was not.
struct AccountEntry {
  AccountId id;
  std::string name;
  rotation::AccountStatus status = rotation::AccountStatus::done;
  std::string reason;  ///< for people; empty when done
  std::size_t users = 0;
  std::size_t keys = 0;
  bool root_key_active = false;
  std::optional<Instant> report_made;  ///< when IAM made the credential report that its keys are by
};

struct Inventory {
  Instant taken{};
  std::vector<AccountEntry> accounts;  ///< by id
  std::vector<UserEntry> users;        ///< by account and name
  std::string incomplete;              ///< why accounts may be missing; empty: all are there
};

/// "active", "inactive", or "unknown" for what AWS has thought of since.
std::string_view status_word(KeyStatus status);
/// Whole days from `instant` to `now`; 0 where it is later.
std::int64_t age_in_days(Instant instant, Instant now);

/// Is something missing of what was asked for: an account that could not be read, a listing that broke off?
bool has_failures(const Inventory& inventory);

}  // namespace rekeyer::findings
