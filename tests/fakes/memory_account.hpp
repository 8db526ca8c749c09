// An account in memory: users, keys and secrets with IAM's and Secrets Manager's rules, and a fault at any call that a
// test names. It knows nothing of the wire: for the protocol's own tests. Strict where AWS is strict: two keys a user,
// tokens, labels.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "rotation/access.hpp"

namespace rekeyer::fakes {

/// The process dies here; the account stays as it is.
struct Crash {};

/// What happens at one call.
struct Fault {
  enum class Kind {
    crash_before,  ///< the process dies before the call arrives
    crash_after,   ///< … after it was performed
    lost_reply,    ///< performed, and nobody learns of it: outcome_unknown
    repeated,      ///< performed, its reply lost, and sent once more by the client
    refused,       ///< not performed: the given error kind
  };
  Kind kind = Kind::refused;
  ErrorKind error = ErrorKind::access_denied;
  std::string operation = {};  ///< as the error names it; by most tests not asked for
};

struct StoredKey {
  UserName user;
  KeyStatus status = KeyStatus::active;
  Instant created{};
  LastUse last_use = LastUse::never();
  bool issued_by_rekeyer = false;
  std::string secret;
};

struct StoredSecret {
  aws::SecretDescription description;
  std::map<VersionId, std::string> values;
  std::optional<std::string> policy;
};

class MemoryAccount final : public rotation::WriteAccess,
                            public aws::IamReader,
                            public aws::IamWriter,
                            public aws::SecretsReader,
                            public aws::SecretsWriter,
                            public aws::IdentityReader,
                            public aws::KmsReader {
 public:
  MemoryAccount(AccountId account, Clock& clock) : account_(std::move(account)), clock_(clock) {}

  // --- the world, as tests arrange and inspect it
  std::map<UserName, aws::UserDetail> users;
  std::map<AccessKeyId, StoredKey> keys;
  std::map<SecretName, StoredSecret> stored;
  AccessKeyId signer;
  std::shared_ptr<rotation::Proofs> shown_by = std::make_shared<rotation::UnsignedProofs>();
  rotation::StorePrincipal writes_secrets_as{Arn("arn:aws:iam::111111111111:role/rekeyer-member")};
  std::set<std::string> unreadable_in_report;  ///< users whose rows are odd
  /// A new key answers only so long after its creation.
  std::chrono::seconds spreading{5};
  /// The fault for the n-th call counted from 1; faults of operations by name come on top.
  std::map<std::size_t, Fault> fault_at;
  std::map<std::string, Fault> fault_of;
  /// The next call of the operation is performed, and nobody learns of it; those after it answer.
  void lose_next_reply(std::string operation) { loses_reply_ = std::move(operation); }
  std::size_t calls = 0;
  std::vector<std::string> log;
  /// How long the next call takes to arrive: with several runners at once, this makes their calls cross.
  std::function<Milliseconds()> latency;
  /// Runs before each call is performed, its name being the last in the log.
  std::function<void()> before_each_call;
  /// What becomes of a copy in another Region, and why.
  std::pair<std::string, std::string> copies_become{"InSync", ""};
  /// Runs after each call was performed: where invariants are checked.
  std::function<void()> after_each_call;

  void add_user(const std::string& name, const std::map<std::string, std::string>& tags = {},
                const std::vector<std::string>& groups = {}) {
    aws::UserDetail detail;
    detail.user.name = UserName(name);
    detail.user.id = UserId("AIDAEXAMPLE" + std::to_string(++user_ids_));
    detail.user.arn = Arn("arn:aws:iam::" + account_.str() + ":user/" + name);
    detail.tags = tags;
    for (const auto& group : groups) detail.groups.emplace_back(group);
    users[detail.user.name] = detail;
  }
  /// As iam:UpdateUser does: the user and the keys stay who they are.
  void rename_user(const std::string& from, const std::string& to) {
    auto moved = users.extract(UserName(from));
    moved.key() = UserName(to);
    moved.mapped().user.name = UserName(to);
    moved.mapped().user.arn = Arn("arn:aws:iam::" + account_.str() + ":user/" + to);
    users.insert(std::move(moved));
    for (auto& [id, key] : keys) {
      if (key.user.str() == from) key.user = UserName(to);
    }
  }
  AccessKeyId add_key(const std::string& user, std::chrono::hours age, LastUse last_use,
                      KeyStatus status = KeyStatus::active) {
    const auto id = next_id();
    keys[id] = {UserName(user), status, clock_.now() - age, std::move(last_use), false, "s3cret-" + id.str()};
    return id;
  }
  std::vector<AccessKeyId> keys_of(const std::string& user) const {
    std::vector<AccessKeyId> ids;
    for (const auto& [id, key] : keys) {
      if (key.user.str() == user) ids.push_back(id);
    }
    return ids;
  }
  bool is_stored(const AccessKeyId& id) const {
    return std::ranges::any_of(stored, [&](const auto& secret) {
      return std::ranges::any_of(secret.second.values, [&](const auto& value) {
        return value.second.find('"' + id.str() + '"') != std::string::npos &&
               secret.second.description.versions.contains(value.first);
      });
    });
  }

  // --- WriteAccess
  aws::IamReader& iam() override { return *this; }
  aws::SecretsReader& secrets() override { return *this; }
  aws::IamWriter& iam_writer() override { return *this; }
  aws::SecretsWriter& secrets_writer() override { return *this; }
  aws::IdentityReader& identity() override { return *this; }
  aws::KmsReader& kms() override { return *this; }
  std::string partition() const override { return "aws"; }
  rotation::Proofs& proofs() override { return *shown_by; }
  rotation::StorePrincipal store_principal() const override { return writes_secrets_as; }
  const AccessKeyId& signer_key() const override { return signer; }

  // --- IAM
  ResultTask<std::vector<aws::AccessKeyMetadata>> list_access_keys(UserName user) override {
    co_await arrive();
    co_return perform<std::vector<aws::AccessKeyMetadata>>("ListAccessKeys",
                                                           [&]() -> Result<std::vector<aws::AccessKeyMetadata>> {
                                                             if (!users.contains(user))
                                                               return missing("user " + user.str());
                                                             std::vector<aws::AccessKeyMetadata> list;
                                                             for (const auto& [id, key] : keys) {
                                                               if (key.user == user)
                                                                 list.push_back({id, key.status, key.created});
                                                             }
                                                             return list;
                                                           });
  }
  ResultTask<aws::KeyUse> access_key_last_used(AccessKeyId key) override {
    co_await arrive();
    co_return perform<aws::KeyUse>("GetAccessKeyLastUsed", [&]() -> Result<aws::KeyUse> {
      if (!keys.contains(key)) return missing("key " + key.str());
      return aws::KeyUse{keys.at(key).user, keys.at(key).last_use};
    });
  }
  ResultTask<std::vector<aws::User>> list_users() override {
    co_await arrive();
    co_return perform<std::vector<aws::User>>("ListUsers", [&]() -> Result<std::vector<aws::User>> {
      std::vector<aws::User> list;
      for (const auto& [name, detail] : users) list.push_back(detail.user);
      return list;
    });
  }
  ResultTask<aws::Tags> list_user_tags(UserName user) override {
    co_await arrive();
    co_return perform<aws::Tags>("ListUserTags", [&]() -> Result<aws::Tags> {
      if (!users.contains(user)) return missing("user " + user.str());
      return users.at(user).tags;
    });
  }
  ResultTask<aws::UserDetail> get_user(UserName user) override {
    co_await arrive();
    co_return perform<aws::UserDetail>("GetUser", [&]() -> Result<aws::UserDetail> {
      if (!users.contains(user)) return missing("user " + user.str());
      return aws::UserDetail{users.at(user).user, users.at(user).tags, {}};
    });
  }
  ResultTask<std::vector<UserName>> group_members(GroupName group) override {
    co_await arrive();
    co_return perform<std::vector<UserName>>("GetGroup", [&]() -> Result<std::vector<UserName>> {
      std::vector<UserName> members;
      for (const auto& [name, detail] : users) {
        if (std::ranges::find(detail.groups, group) != detail.groups.end()) members.push_back(name);
      }
      return members;
    });
  }
  ResultTask<std::vector<aws::UserDetail>> user_details() override {
    co_await arrive();
    co_return perform<std::vector<aws::UserDetail>>("GetAccountAuthorizationDetails",
                                                    [&]() -> Result<std::vector<aws::UserDetail>> {
                                                      std::vector<aws::UserDetail> list;
                                                      for (const auto& [name, detail] : users) list.push_back(detail);
                                                      return list;
                                                    });
  }
  ResultTask<aws::CredentialReport> credential_report() override {
    co_await arrive();
    co_return perform<aws::CredentialReport>("GetCredentialReport", [&]() -> Result<aws::CredentialReport> {
      aws::CredentialReport report;
      report.generated = clock_.now();
      report.root.emplace();
      for (const auto& [name, detail] : users) {
        if (unreadable_in_report.contains(name.str())) {
          ++report.unreadable_rows;
          continue;
        }
        aws::ReportedUser user;
        user.name = name.str();
        for (const auto& [id, key] : keys) {
          if (key.user == name) user.keys.push_back({key.status == KeyStatus::active, key.created, key.last_use});
        }
        report.users.push_back(std::move(user));
      }
      return report;
    });
  }
  ResultTask<std::optional<std::string>> user_policy(UserName user, std::string policy_name) override {
    co_await arrive();
    co_return perform<std::optional<std::string>>("GetUserPolicy", [&]() -> Result<std::optional<std::string>> {
      const auto found = user_policies.find({user, policy_name});
      if (found == user_policies.end()) return std::optional<std::string>();
      return std::optional(found->second);
    });
  }
  ResultTask<aws::IssuedKey> create_access_key(UserName user, aws::SignBefore sign_before) override {
    if (late(sign_before)) co_return lease_over();
    co_await arrive();
    co_return perform<aws::IssuedKey>("CreateAccessKey", [&]() -> Result<aws::IssuedKey> {
      if (!users.contains(user)) return missing("user " + user.str());
      if (keys_of(user.str()).size() >= 2) return fail(ErrorKind::limit_exceeded, "AccessKeysPerUser: 2");
      const auto id = next_id();
      const auto second = std::chrono::floor<std::chrono::seconds>(clock_.now());
      keys[id] = {user, KeyStatus::active, second, LastUse::never(), true, "s3cret-" + id.str()};
      auto credentials = std::make_shared<aws::Credentials>();
      credentials->id = id;
      credentials->secret = Secret(keys[id].secret);
      return aws::IssuedKey{std::move(credentials), second};
    });
  }
  ResultTask<> deactivate_access_key(UserName user, AccessKeyId key, aws::SignBefore sign_before) override {
    if (late(sign_before)) co_return lease_over();
    co_await arrive();
    co_return perform<void>("UpdateAccessKey", [&]() -> Result<> {
      if (!keys.contains(key) || keys.at(key).user != user) return missing("key " + key.str());
      keys.at(key).status = KeyStatus::inactive;
      return {};
    });
  }
  ResultTask<> delete_access_key(UserName, AccessKeyId key, aws::SignBefore sign_before) override {
    if (late(sign_before)) co_return lease_over();
    co_await arrive();
    co_return perform<void>("DeleteAccessKey", [&]() -> Result<> {
      keys.erase(key);
      return {};
    });
  }
  ResultTask<> put_user_policy(UserName user, std::string policy_name, std::string document,
                               aws::SignBefore sign_before) override {
    if (late(sign_before)) co_return lease_over();
    co_await arrive();
    co_return perform<void>("PutUserPolicy", [&]() -> Result<> {
      user_policies[{user, policy_name}] = document;
      return {};
    });
  }

  // --- Secrets Manager, which takes a name or an ARN
  ResultTask<aws::SecretDescription> describe_secret(SecretName name) override {
    name = named(name);
    co_await arrive();
    co_return perform<aws::SecretDescription>("DescribeSecret", [&]() -> Result<aws::SecretDescription> {
      if (!stored.contains(name)) return missing("secret " + name.str());
      return stored.at(name).description;
    });
  }
  ResultTask<std::vector<aws::SecretDescription>> list_secrets(std::string prefix) override {
    co_await arrive();
    co_return perform<std::vector<aws::SecretDescription>>("ListSecrets",
                                                           [&]() -> Result<std::vector<aws::SecretDescription>> {
                                                             std::vector<aws::SecretDescription> list;
                                                             for (const auto& [name, secret] : stored) {
                                                               if (name.str().starts_with(prefix)) {
                                                                 list.push_back(secret.description);
                                                               }
                                                             }
                                                             return list;
                                                           });
  }
  ResultTask<std::vector<aws::SecretDescription>> list_tagged_secrets(std::string prefix, std::string value) override {
    auto list = co_await list_secrets(std::move(prefix));
    if (list) {
      std::erase_if(*list, [&](const auto& secret) {
        return std::ranges::none_of(secret.tags, [&](const auto& tag) { return tag.second == value; });
      });
    }
    co_return list;
  }
  ResultTask<std::optional<std::string>> resource_policy(SecretName name) override {
    name = named(name);
    co_await arrive();
    co_return perform<std::optional<std::string>>("GetResourcePolicy", [&]() -> Result<std::optional<std::string>> {
      if (!stored.contains(name)) return missing("secret " + name.str());
      if (stored.at(name).description.deleted) return fail(ErrorKind::marked_for_deletion, "marked for deletion");
      return stored.at(name).policy;
    });
  }
  ResultTask<aws::SecretDescription> create_secret(aws::CreateSecret request, aws::SignBefore sign_before) override {
    if (late(sign_before)) co_return lease_over();
    co_await arrive();
    co_return perform<aws::SecretDescription>("CreateSecret", [&]() -> Result<aws::SecretDescription> {
      if (stored.contains(request.name)) return fail(ErrorKind::already_exists, "the secret exists");
      auto& secret = stored[request.name];
      secret.description.name = request.name;
      secret.description.arn =
          Arn("arn:aws:secretsmanager:us-east-1:" + account_.str() + ":secret:" + request.name.str());
      secret.description.tags = request.tags;
      secret.description.kms_key_id = request.kms_key_id;
      secret.description.created = secret.description.changed = clock_.now();
      return secret.description;
    });
  }
  ResultTask<> put_secret_value(SecretName name, VersionId token, const WipedString& value, std::string stage,
                                aws::SignBefore sign_before) override {
    name = named(name);
    if (late(sign_before)) co_return lease_over();
    const std::string text(value);
    co_await arrive();
    co_return perform<void>("PutSecretValue", [&]() -> Result<> {
      if (auto usable = writable(name); !usable) return usable;
      auto& secret = stored.at(name);
      const auto known = secret.values.find(token);
      if (known != secret.values.end() && known->second != text) {
        return fail(ErrorKind::already_exists, "another value under this token");
      }
      secret.values[token] = text;
      for (auto& [version, stages] : secret.description.versions) stages.erase(stage);
      std::erase_if(secret.description.versions, [](const auto& version) { return version.second.empty(); });
      secret.description.versions[token].insert(stage);
      return {};
    });
  }
  ResultTask<> move_stage(SecretName name, std::string stage, std::optional<VersionId> from,
                          std::optional<VersionId> to, aws::SignBefore sign_before) override {
    name = named(name);
    if (late(sign_before)) co_return lease_over();
    co_await arrive();
    co_return perform<void>("UpdateSecretVersionStage", [&]() -> Result<> {
      if (auto usable = writable(name); !usable) return usable;
      auto& versions = stored.at(name).description.versions;
      std::optional<VersionId> holder;
      for (const auto& [version, stages] : versions) {
        if (stages.contains(stage)) holder = version;
      }
      if (holder != from) return fail(ErrorKind::conflict, "the label is on another version");
      if (to && !versions.contains(*to)) return missing("version " + to->str());
      if (holder) {
        versions[*holder].erase(stage);
        for (auto& [version, stages] : versions) stages.erase("AWSPREVIOUS");
        versions[*holder].insert("AWSPREVIOUS");
      }
      if (to) versions[*to].insert(stage);
      return {};
    });
  }
  ResultTask<> tag_secret(SecretName name, aws::Tags tags, aws::SignBefore sign_before) override {
    name = named(name);
    if (late(sign_before)) co_return lease_over();
    co_await arrive();
    co_return perform<void>("TagResource", [&]() -> Result<> {
      if (auto usable = writable(name); !usable) return usable;
      for (const auto& [key, value] : tags) stored.at(name).description.tags[key] = value;
      return {};
    });
  }
  ResultTask<> put_resource_policy(SecretName name, std::string policy, aws::SignBefore sign_before) override {
    name = named(name);
    if (late(sign_before)) co_return lease_over();
    co_await arrive();
    co_return perform<void>("PutResourcePolicy", [&]() -> Result<> {
      if (auto usable = writable(name); !usable) return usable;
      stored.at(name).policy = policy;
      return {};
    });
  }
  ResultTask<> replicate(SecretName name, std::vector<aws::Replica> regions, aws::SignBefore sign_before) override {
    name = named(name);
    if (late(sign_before)) co_return lease_over();
    co_await arrive();
    co_return perform<void>("ReplicateSecretToRegions", [&]() -> Result<> {
      if (auto usable = writable(name); !usable) return usable;
      for (const auto& replica : regions) {
        stored.at(name).description.replicas.push_back({replica.region, copies_become.first, copies_become.second});
      }
      return {};
    });
  }
  ResultTask<> schedule_deletion(SecretName name, int, aws::SignBefore sign_before) override {
    name = named(name);
    if (late(sign_before)) co_return lease_over();
    co_await arrive();
    co_return perform<void>("DeleteSecret", [&]() -> Result<> {
      if (!stored.contains(name)) return missing("secret " + name.str());
      stored.at(name).description.deleted = clock_.now();
      return {};
    });
  }
  ResultTask<> restore_secret(SecretName name, aws::SignBefore sign_before) override {
    name = named(name);
    if (late(sign_before)) co_return lease_over();
    co_await arrive();
    co_return perform<void>("RestoreSecret", [&]() -> Result<> {
      if (!stored.contains(name)) return missing("secret " + name.str());
      stored.at(name).description.deleted.reset();
      return {};
    });
  }
  ResultTask<> remove_replicas(SecretName name, std::vector<Region>, aws::SignBefore sign_before) override {
    name = named(name);
    if (late(sign_before)) co_return lease_over();
    co_await arrive();
    co_return perform<void>("RemoveRegionsFromReplication", [&]() -> Result<> {
      stored.at(name).description.replicas.clear();
      return {};
    });
  }

  // --- STS
  ResultTask<aws::CallerIdentity> identity_of(aws::SharedCredentials credentials) override {
    co_await arrive();
    co_return perform<aws::CallerIdentity>("GetCallerIdentity", [&]() -> Result<aws::CallerIdentity> {
      const auto key = keys.find(credentials->id);
      const bool answers = key != keys.end() && key->second.status == KeyStatus::active &&
                           key->second.secret == credentials->secret.reveal() &&
                           clock_.now() - key->second.created >= spreading;
      if (!answers)
        return fail(ErrorKind::credentials_invalid, "the security token included in the request is invalid");
      key->second.last_use = LastUse::used(clock_.now(), "sts", "us-east-1");
      const auto& user = users.at(key->second.user).user;
      return aws::CallerIdentity{account_, user.arn, user.id.str()};
    });
  }

  // --- KMS
  std::map<std::string, aws::KmsKey> kms_keys;
  ResultTask<aws::KmsKey> key(std::string id) override {
    co_await arrive();
    co_return perform<aws::KmsKey>("DescribeKey", [&]() -> Result<aws::KmsKey> {
      if (!kms_keys.contains(id)) return missing("KMS key " + id);
      return kms_keys.at(id);
    });
  }

  std::map<std::pair<UserName, std::string>, std::string> user_policies;

 private:
  AccessKeyId next_id() {
    ++issued_;
    auto number = std::to_string(issued_);
    return AccessKeyId("AKIAEXAMPLE" + std::string(9 - number.size(), '0') + number);
  }
  SecretName named(const SecretName& name_or_arn) const {
    const auto at = name_or_arn.str().find(":secret:");
    return at == std::string::npos ? name_or_arn : SecretName(name_or_arn.str().substr(at + 8));
  }
  static std::unexpected<Error> missing(const std::string& what) { return fail(ErrorKind::not_found, "no " + what); }
  bool late(const aws::SignBefore& before) const { return before.instant && clock_.now() >= *before.instant; }
  static std::unexpected<Error> lease_over() { return fail(ErrorKind::lease_over, "too late to sign"); }
  /// What is asked before each change, which moves the date of the last one.
  Result<> writable(const SecretName& name) {
    if (!stored.contains(name)) return missing("secret " + name.str());
    if (stored.at(name).description.deleted) return fail(ErrorKind::marked_for_deletion, "marked for deletion");
    stored.at(name).description.changed = clock_.now();
    return {};
  }

  Task<void> arrive() {
    if (latency) co_await clock_.sleep_for(latency());
  }

  template <class T, class Operation>
  Result<T> perform(const std::string& name, Operation operation) {
    ++calls;
    log.push_back(name);
    const Fault* fault = nullptr;
    if (const auto at = fault_at.find(calls); at != fault_at.end()) fault = &at->second;
    if (const auto of = fault_of.find(name); of != fault_of.end()) fault = &of->second;
    if (fault != nullptr && fault->kind == Fault::Kind::crash_before) throw Crash{};
    if (fault != nullptr && fault->kind == Fault::Kind::refused) {
      return fail(Error{fault->error, "injected into " + name, {}, fault->operation, {}});
    }
    if (before_each_call) before_each_call();
    auto result = operation();
    if (after_each_call) after_each_call();
    if (fault != nullptr && fault->kind == Fault::Kind::repeated) return operation();
    if (fault != nullptr && fault->kind == Fault::Kind::crash_after) throw Crash{};
    const bool lost = fault != nullptr || loses_reply_ == name;
    if (loses_reply_ == name) loses_reply_.clear();
    if (lost) return fail(ErrorKind::outcome_unknown, "the reply of " + name + " was lost");
    return result;
  }

  AccountId account_;
  Clock& clock_;
  std::size_t user_ids_ = 0;
  std::size_t issued_ = 0;
  std::string loses_reply_;
};

}  // namespace rekeyer::fakes
