// A secret's versions.
#include "sandbox/services/secret_versions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/parse.hpp>

#include "base/try.hpp"
#include "sandbox/services/kms_keys.hpp"

namespace rekeyer::sandbox {
namespace {

constexpr std::size_t kept_unlabelled = 100;
constexpr std::size_t label_limit = 20;

/// Versions younger than a day always stay.
void prune(StoredSecret& secret, Instant now) {
  if (secret.versions.size() <= kept_unlabelled) return;
  std::vector<const SecretVersion*> unlabelled;
  for (const auto& [id, version] : secret.versions) {
    if (version.stages.empty()) unlabelled.push_back(&version);
  }
  if (unlabelled.size() <= kept_unlabelled) return;
  std::ranges::sort(unlabelled, {},
                    [](const SecretVersion* version) { return std::tie(version->created, version->id); });
  unlabelled.resize(unlabelled.size() - kept_unlabelled);
  for (const SecretVersion* version : unlabelled) {
    if (version->created > now - std::chrono::hours{24}) break;
    const std::string id = version->id;
    secret.versions.erase(id);
  }
}

/// The value as our users' secrets have it names a key: its history goes on with "stored".
void note_stored_key(const SecretVersion& version, const Context& context) {
  if (version.binary || version.value.find("\"AccessKeyId\"") == std::string::npos) return;
  boost::system::error_code broken;
  const auto document = boost::json::parse(version.value, broken);
  const auto* const object = broken ? nullptr : document.if_object();
  const auto* const id = object == nullptr ? nullptr : object->if_contains("AccessKeyId");
  if (id == nullptr || !id->is_string()) return;
  const auto place = context.world.find_key(AccessKeyId(std::string(std::string_view(id->get_string()))));
  if (place.key == nullptr) return;
  context.world.key_events.push_back({.at = context.now,
                                      .account = place.account->id,
                                      .user = place.user->name,
                                      .key = place.key->id,
                                      .what = "stored",
                                      .by = context.caller.arn.str(),
                                      .secret = place.key->secret});
}

Checked check_labels(const std::vector<std::string>& labels) {
  if (labels.size() > label_limit)
    return unsatisfied("versionStages", "Member must have length less than or equal to 20");
  for (const auto& label : labels) {
    if (label.empty() || label.size() > 256) {
      return unsatisfied("versionStages", "Member must have length between 1 and 256");
    }
  }
  return {};
}

}  // namespace

SecretVersion* holder_of(StoredSecret& secret, std::string_view label) {
  const std::string wanted(label);
  for (auto& [id, version] : secret.versions) {
    if (version.stages.contains(wanted)) return &version;
  }
  return nullptr;
}

void move_label(StoredSecret& secret, const std::string& label, SecretVersion& target) {
  SecretVersion* const holder = holder_of(secret, label);
  if (holder == &target) return;
  if (holder != nullptr) holder->stages.erase(label);
  target.stages.insert(label);
  if (label != current_label) return;
  const std::string previous(previous_label);
  if (SecretVersion* const former = holder_of(secret, previous)) former->stages.erase(previous);
  if (holder != nullptr) holder->stages.insert(previous);
}

ServiceResult<SecretVersion*> store_version(StoredSecret& secret, const std::string& token, NewValue value,
                                            const std::vector<std::string>& labels, const Context& context) {
  TRY_VOID(check_labels(labels));
  TRY_VOID(check_encryption_key(context.world, secret.arn.str(), secret.kms_key_id));
  const bool first = secret.versions.empty();
  const auto known = secret.versions.find(token);
  if (known != secret.versions.end() && (known->second.value != value.text || known->second.binary != value.binary)) {
    return refuse("ResourceExistsException",
                  fmt::format("You can't use ClientRequestToken {} because that value is already in use for a version "
                              "of secret {}.",
                              token, secret.arn));
  }
  SecretVersion& version = known != secret.versions.end() ? known->second : secret.versions[token];
  if (known == secret.versions.end()) {
    version = {token, std::move(value.text), value.binary, {}, context.now};
    note_stored_key(version, context);
  }
  for (const auto& label : labels) move_label(secret, label, version);
  if (first && context.behaviour.pending_first_version_becomes_current) {
    move_label(secret, std::string(current_label), version);
  }
  secret.changed = context.now;
  if (context.behaviour.prune_versions) prune(secret, context.now);
  return &version;
}

}  // namespace rekeyer::sandbox
