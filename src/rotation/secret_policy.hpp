// A secret's resource policy: what rekeyer wants in it (the owner may read, nobody but those named may change
// anything), and what is in it that others wrote. Compared by meaning, as AWS gives statements back in other words.
// Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/names.hpp"

namespace rekeyer::rotation {

inline constexpr std::string_view owner_sid = "RekeyerOwnerRead";
inline constexpr std::string_view lock_sid = "RekeyerLock";
inline constexpr std::string_view readers_sid = "RekeyerReaders";

/// What the policy is to say.
struct WantedPolicy {
  Arn owner;          ///< as IAM calls the user now
  UserId owner_id;    ///< the ARN is bound to whoever has the name when it is written: he must have this id, too
  bool grant = true;  ///< the owner may read by this policy
  /// Who may change the secret: ARNs of roles and users, with * and ?. Empty: no lock.
  std::vector<std::string> writers;
  /// May be named by a lock that stands, and are not any more.
  std::vector<std::string> former_writers;
  bool only_readers_read = false;    ///< the lock keeps everybody else from reading, too
  std::vector<std::string> readers;  ///< may read besides the owner: patterns like `writers`
};

/// What stands there.
struct PolicyReview {
  /// The lock stands: nobody but writers and former writers may change the secret.
  bool locked = false;
  /// Whom a lock of rekeyer's form lets change the secret, whether the wanted policy names them or not; empty: there is
  /// none.
  std::vector<std::string> lets_change;
  /// The owner's grant stands, and AWS knows whom it names: one whose user is gone shows an id.
  bool grants_somebody = false;
  /// Statements of others that let somebody do something, in words: "Allow for arn:… (Sid Team)".
  std::vector<std::string> foreign;
  /// Statements of others that keep everybody, or the owner, from reading, without a condition.
  std::vector<std::string> hindering;
  /// Statements of others that let everybody in the world do something.
  std::vector<std::string> open_to_all;
  /// The policy to put; nothing where it says all that is wished. Others' statements are in it, but for those of
  /// principals that are gone: AWS shows these by their ids, and takes none of them back.
  std::optional<std::string> wanted;
};

/// `bad_reply` where `policy` is no policy document: it is left alone.
Result<PolicyReview> review_policy(const std::optional<std::string>& policy, const WantedPolicy& wanted);

/// What all users' policies of an account have in common that are wanted like this one, in 16 hexadecimal digits:
/// two that differ in owner alone give the same, two that differ in anything else do not.
std::string fingerprint(const WantedPolicy& wanted);

/// Is the principal one of `patterns`? Of a session's role the path may not be known: then it is any.
bool is_named(const std::vector<std::string>& patterns, const Arn& principal, bool path_known);

}  // namespace rekeyer::rotation
