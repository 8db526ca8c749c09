// What a run is told: which accounts and users, by which rules, where secrets go, and how much at most. Filled by
// config/ and cli/.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/names.hpp"
#include "base/time.hpp"
#include "policy/notice.hpp"
#include "policy/precedence.hpp"
#include "policy/rules.hpp"

namespace rekeyer::rotation {

/// How the caller's own account is entered: with the caller's credentials, or through the member role like any other.
enum class OwnAccount { direct, role };

/// [organization] or [accounts].
struct ScopeSettings {
  /// A fixed map: account → user names, "*" for all. Empty: the organisation is asked.
  std::map<AccountId, std::vector<std::string>> fixed_accounts;
  std::vector<OuId> include_ous;  ///< empty: all
  std::vector<OuId> exclude_ous;
  std::vector<AccountId> include_accounts;  ///< added to what include_ous selects; both empty: all
  std::vector<AccountId> exclude_accounts;
  bool management_account = false;
  RoleName member_role{"rekeyer-member"};  ///< may hold a path
  std::string external_id;
  std::string session_name = "rekeyer-{run}";  ///< of sessions of the member role; {run} is the run's id
  Arn list_role;                               ///< empty: Organizations is read as the caller
  OwnAccount own_account = OwnAccount::direct;
  /// What overrides and exemptions are for, by where it is written: a misspelt one would be for nobody.
  std::vector<std::pair<std::string, AccountId>> matched_accounts;
  std::vector<std::pair<std::string, OuId>> matched_ous;
};

enum class StoreLocation { member, central };
enum class Grant { secret_policy, user_policy, both, none };
/// Whom a secret's policy keeps off: nobody, everybody else from changing it, or from reading it as well.
enum class LockMode { none, write, all };

/// [store]
struct StoreSettings {
  StoreLocation location = StoreLocation::member;
  Region region{"us-east-1"};
  bool region_chosen = false;  ///< by the file; otherwise it follows the caller's partition (engine/partition.hpp)
  std::string name_template = "Account_{account}_User_{user}_AccessKey";
  std::string kms_key_id;  ///< required with location = central: AWS's own key can't be shared
  std::vector<Region> replica_regions;
  std::map<Region, std::string> replica_kms_key_ids;
  Grant grant = Grant::secret_policy;
  LockMode lock = LockMode::write;
  std::string proof;         ///< ARN of a KMS key that signs; empty: proofs are not signed
  bool lock_chosen = false;  ///< by the file: then a secret that can't be locked gets no key
  /// Who may change secrets besides the member role, may still be named by an older lock, may change them in an
  /// emergency, may read them besides their owners: ARNs of roles and users with * and ?, {account} filled in.
  std::vector<std::string> writers;
  std::vector<std::string> former_writers;
  std::vector<std::string> break_glass;
  std::vector<std::string> readers;
  std::map<std::string, std::string> tags;  ///< put on each secret, besides rekeyer's own
  int deletion_recovery_days = 30;          ///< for secrets whose user is gone
};

/// [discovery]
enum class Discovery { report, direct };

/// Above this many named users, two bulk calls are cheaper than four calls a user.
inline constexpr std::size_t direct_user_limit = 20;

/// [limits]
struct LimitSettings {
  std::size_t max_changes = 1000;  ///< users changed in a run
  std::size_t max_changes_per_account = 100;
  std::size_t concurrency = 64;       ///< accounts at a time
  std::size_t users_per_account = 4;  ///< users of one account worked on at a time
  double iam_rate = 20;               ///< IAM calls a second that an account is taken to allow
  double iam_share = 0.5;             ///< how much of that is ours
};

/// Everything from rekeyer.toml.
struct Settings {
  ScopeSettings scope;
  policy::PolicyConfig policy;
  StoreSettings store;
  Discovery discovery = Discovery::report;
  LimitSettings limits;
  std::vector<GroupName> owner_groups;  ///< whose members must be known, because they name owners
  policy::NoticeRules notices;          ///< when owners are told; who and how is notify/'s
  std::string file;                     ///< where it came from; empty: defaults
};

/// Narrowing by flags: empty means all. Applies on top of the settings and never widens them.
struct Filter {
  std::vector<AccountId> accounts;
  std::vector<OuId> ous;
  std::vector<UserName> users;
};

}  // namespace rekeyer::rotation
