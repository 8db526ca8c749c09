// IAM as rekeyer uses it. Reading and changing are two types: a planner that holds an IamReader cannot change anything
// (I6).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "aws/call/caller.hpp"
#include "aws/sign/credentials.hpp"
#include "base/access_key.hpp"
#include "base/names.hpp"
#include "base/task.hpp"

namespace rekeyer::aws {

struct AccessKeyMetadata {
  AccessKeyId id;
  KeyStatus status = KeyStatus::other;
  Instant created{};
};

using Tags = std::map<std::string, std::string>;

struct User {
  UserName name;
  UserId id;
  std::string path = "/";
  Arn arn;
  Instant created{};
};

/// What ListUsers omits. GetUser tells no groups, GetAccountAuthorizationDetails all of it.
struct UserDetail {
  User user;
  Tags tags;
  std::vector<GroupName> groups;
};

/// One of the two key slots of a credential report row. Slots are not creation order and carry no key id.
struct ReportedKey {
  bool active = false;
  std::optional<Instant> created;  ///< `last_rotated`: the key's CreateDate, to the second; nothing: no such key
  LastUse last_use;
};

/// Whose a key is, and when it was last used.
struct KeyUse {
  UserName user;
  LastUse last;
};

/// What else a user may sign in by. Nothing in an optional: the report does not say.
struct ReportedLogin {
  std::optional<bool> password;  ///< is there one, and enabled
  std::optional<Instant> password_last_used;
  std::optional<Instant> password_changed;
  std::optional<bool> mfa;
  int certificates = 0;  ///< active signing certificates
};

struct ReportedUser {
  std::string name;               ///< "<root_account>" for the root user
  std::vector<ReportedKey> keys;  ///< the slots that hold a key
  ReportedLogin login;
};

struct CredentialReport {
  std::optional<Instant> generated;  ///< may be up to 4 hours ago
  std::optional<ReportedUser> root;
  std::vector<ReportedUser> users;
  std::size_t unreadable_rows = 0;  ///< whose users are therefore not among `users`
  std::string first_unreadable;     ///< what is wrong with the first of them
};

struct IssuedKey {
  SharedCredentials credentials;  ///< id and secret; the only place where the secret exists
  Instant created{};
  const AccessKeyId& id() const { return credentials->id; }
};

/// Everything here is idempotent and retried. Lists are read to their end, or fail: never "as far as it went".
class IamReader {
 public:
  virtual ~IamReader() = default;
  /// IAM ListAccessKeys. `not_found` where the user is gone.
  virtual ResultTask<std::vector<AccessKeyMetadata>> list_access_keys(UserName user) = 0;
  /// IAM GetAccessKeyLastUsed. An answer without a date is `never`; a failure is a failure, never `never`. Of a key
  /// that is gone: `not_found` or `access_denied`, as AWS documents neither.
  virtual ResultTask<KeyUse> access_key_last_used(AccessKeyId key) = 0;
  /// IAM ListUsers.
  virtual ResultTask<std::vector<User>> list_users() = 0;
  /// IAM ListUserTags.
  virtual ResultTask<Tags> list_user_tags(UserName user) = 0;
  /// IAM GetUser: who has that name now, with tags. `not_found` where nobody has.
  virtual ResultTask<UserDetail> get_user(UserName user) = 0;
  /// IAM GetGroup, members only. `not_found` where there is no such group.
  virtual ResultTask<std::vector<UserName>> group_members(GroupName group) = 0;
  /// IAM GetAccountAuthorizationDetails(User).
  virtual ResultTask<std::vector<UserDetail>> user_details() = 0;
  /// IAM GenerateCredentialReport until COMPLETE, then GetCredentialReport. Bounded wait (about two minutes).
  virtual ResultTask<CredentialReport> credential_report() = 0;
  /// IAM GetUserPolicy, decoded JSON text; nothing where there is no such inline policy.
  virtual ResultTask<std::optional<std::string>> user_policy(UserName user, std::string policy_name) = 0;
};

/// The changing half. Each call is signed only before `sign_before`.
class IamWriter {
 public:
  virtual ~IamWriter() = default;
  /// Issues a further access key for `user`; its secret exists only in the result. `limit_exceeded` when two keys
  /// exist, `outcome_unknown` when the reply was lost: the key may exist, and recovery must look. Not idempotent, never
  /// retried after an ambiguous failure. IAM CreateAccessKey.
  virtual ResultTask<IssuedKey> create_access_key(UserName user, SignBefore sign_before) = 0;
  /// Idempotent. `not_found` where the key or user is gone. IAM UpdateAccessKey(Inactive).
  virtual ResultTask<> deactivate_access_key(UserName user, AccessKeyId key, SignBefore sign_before) = 0;
  /// Idempotent: a key that is gone is a success. IAM DeleteAccessKey.
  virtual ResultTask<> delete_access_key(UserName user, AccessKeyId key, SignBefore sign_before) = 0;
  /// Creates or replaces one inline policy. Idempotent. IAM PutUserPolicy.
  virtual ResultTask<> put_user_policy(UserName user, std::string policy_name, std::string document,
                                       SignBefore sign_before) = 0;
};

/// IAM over the wire, for one account.
class IamClient final : public IamReader, public IamWriter {
 public:
  IamClient(Caller& caller, Principal principal) : caller_(caller), principal_(std::move(principal)) {}

  ResultTask<std::vector<AccessKeyMetadata>> list_access_keys(UserName user) override;
  ResultTask<KeyUse> access_key_last_used(AccessKeyId key) override;
  ResultTask<std::vector<User>> list_users() override;
  ResultTask<Tags> list_user_tags(UserName user) override;
  ResultTask<UserDetail> get_user(UserName user) override;
  ResultTask<std::vector<UserName>> group_members(GroupName group) override;
  ResultTask<std::vector<UserDetail>> user_details() override;
  ResultTask<CredentialReport> credential_report() override;
  ResultTask<std::optional<std::string>> user_policy(UserName user, std::string policy_name) override;

  ResultTask<IssuedKey> create_access_key(UserName user, SignBefore sign_before) override;
  ResultTask<> deactivate_access_key(UserName user, AccessKeyId key, SignBefore sign_before) override;
  ResultTask<> delete_access_key(UserName user, AccessKeyId key, SignBefore sign_before) override;
  ResultTask<> put_user_policy(UserName user, std::string policy_name, std::string document,
                               SignBefore sign_before) override;

 private:
  Caller& caller_;
  Principal principal_;
};

}  // namespace rekeyer::aws
