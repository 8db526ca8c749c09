#include "simulation/secret_lives.hpp"

#include <algorithm>
#include <boost/json/array.hpp>

#include "rotation/proofs.hpp"
#include "rotation/secret_policy.hpp"

namespace rekeyer::simulation {
namespace {

bool is_proof(const boost::json::value& tag) {
  const auto* object = tag.if_object();
  const auto* key = object == nullptr ? nullptr : object->if_contains("Key");
  return key != nullptr && key->is_string() && std::string_view(key->get_string()) == rotation::proof_tag;
}

bool proves(const sandbox::LoggedCall& call) {
  const auto* tags = call.input.if_contains("Tags");
  return tags != nullptr && tags->is_array() && std::ranges::any_of(tags->get_array(), is_proof);
}

}  // namespace

const SecretLife* SecretLives::find(const Arn& arn) const {
  const auto found = lives_.find(arn);
  return found == lives_.end() ? nullptr : &found->second;
}

bool SecretLives::locked_for_all(const SecretLife& life, Instant now) const {
  return life.locked && now >= *life.locked + sandbox_.behaviour.resource_policy_delay;
}

/// From what the world shows after it: the reply may be lost.
void SecretLives::note(const sandbox::LoggedCall& call) {
  if (call.service != "secretsmanager" || !call.changing) return;
  const auto* asked = call.input.if_contains(call.operation == "CreateSecret" ? "Name" : "SecretId");
  if (asked == nullptr || !asked->is_string()) return;
  const auto* secret = sandbox_.world.find_secret(call.account, region_, std::string_view(asked->get_string()));
  if (secret == nullptr) return;
  if (call.operation == "CreateSecret") {
    lives_.try_emplace(secret->arn, SecretLife{true, call.at, {}, {}});
    return;
  }
  if (secret->changed != call.at) return;
  auto& life = lives_[secret->arn];
  if (call.operation == "PutResourcePolicy" && !life.locked &&
      secret->policy.value_or("").find(rotation::lock_sid) != std::string::npos) {
    life.locked = call.at;
  }
  if (call.operation == "TagResource" && proves(call)) life.ours = true;
}

void SecretLives::note(const HostileDeed& deed, Instant now) {
  const auto* secret = sandbox_.world.find_secret(deed.account, region_, deed.secret);
  if (deed.operation == "CreateSecret" && secret != nullptr) lives_[secret->arn] = {false, now, {}, now};
  const auto found = lives_.find(deed.arn);
  if (found == lives_.end()) return;
  found->second.touched = now;
  if (deed.operation.ends_with("ResourcePolicy")) found->second.locked.reset();
}

}  // namespace rekeyer::simulation
