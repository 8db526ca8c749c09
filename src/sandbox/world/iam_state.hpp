// What IAM keeps of one account. Plain data: services change it, checkers and dumps read it. The key secrets here are
// make-believe and stay readable, so that a rehearsal can be looked into.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/names.hpp"
#include "base/time.hpp"

namespace rekeyer::sandbox {

using Tags = std::map<std::string, std::string>;
/// Policy name → document (JSON text, as it was sent).
using InlinePolicies = std::map<std::string, std::string>;

struct KeyUse {
  Instant at{};
  std::string service;  ///< short name: "s3"
  std::string region;
};

struct AccessKey {
  AccessKeyId id;
  std::string secret;
  bool active = true;
  Instant created{};
  /// The latest use, as it truly was; what IAM shows of it lags (Truths::last_used_lag).
  std::optional<KeyUse> last_use;
  /// The latest use that was already visible when `last_use` happened: what IAM shows while `last_use` is too young.
  std::optional<KeyUse> earlier_use;
  /// A use between the two that was still too young when `last_use` happened: takes the place of `earlier_use` in time,
  /// or a key in steady use would look as if it had not been used for longer than the lag. The epoch: none.
  Instant waiting_use{};
  /// Signatures with it are refused until then: a new key spreads.
  Instant usable_from{};
  /// How often it is still refused whatever the time (Truths::new_key_refusals).
  int refusals_left = 0;
  /// When `active` last changed, and until when the former state still holds elsewhere (Truths::status_delay).
  Instant status_changed{};
  Instant status_spreads_until{};
  /// ARN of whoever called CreateAccessKey; empty for keys that the world began with.
  std::string issued_by;
};

struct User {
  UserName name;
  std::string id;  ///< AIDA…
  std::string path = "/";
  Instant created{};
  Tags tags;
  InlinePolicies policies;
  std::vector<std::string> attached;  ///< ARNs of managed policies
  std::vector<AccessKey> keys;        ///< in order of creation; IAM's limit of two is the service's business
  std::optional<Instant> password_last_used;
};

struct Group {
  GroupName name;
  std::string id;  ///< AGPA…
  std::string path = "/";
  Instant created{};
  std::vector<UserName> members;  ///< in order of joining
  InlinePolicies policies;
  std::vector<std::string> attached;
};

struct Role {
  RoleName name;
  std::string id;  ///< AROA…
  std::string path = "/";
  Instant created{};
  std::string trust;  ///< the trust policy's JSON
  std::string description;
  int max_session = 3600;
  Tags tags;
  InlinePolicies policies;
  std::vector<std::string> attached;
};

struct ManagedPolicy {
  std::string arn;
  std::string name;
  std::string id;  ///< ANPA…
  std::string path = "/";
  Instant created{};
  std::string document;
};

/// A credential report as it was generated: it stays as it was until it is too old.
struct StoredReport {
  Instant requested{};
  Instant ready{};
  int polls_left = 0;
  std::string csv;
};

struct Iam {
  /// By lower-cased name: IAM's names are unique whatever their case.
  std::map<std::string, User> users;
  std::map<std::string, Group> groups;
  std::map<std::string, Role> roles;
  std::map<std::string, ManagedPolicy> policies;  ///< by ARN
  std::string alias;
  int root_keys = 0;  ///< active access keys of the root user
  std::optional<StoredReport> report;
};

/// ASCII lower case: how IAM compares names.
std::string folded(std::string_view name);

}  // namespace rekeyer::sandbox
