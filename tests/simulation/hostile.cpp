#include "simulation/hostile.hpp"

#include <algorithm>
#include <boost/json/array.hpp>

#include "rotation/naming.hpp"
#include "simulation/member_request.hpp"

namespace rekeyer::simulation {
namespace {

namespace json = boost::json;

json::array tag_list(const policy::TagMap& tags) {
  json::array list;
  for (const auto& [key, value] : tags) list.push_back(json::object{{"Key", key}, {"Value", value}});
  return list;
}

std::string_view text_of(const json::object& input, std::string_view name) {
  const auto* member = input.if_contains(name);
  return member != nullptr && member->is_string() ? std::string_view(member->get_string()) : std::string_view();
}

}  // namespace

void Hostile::ask(const SecretsMember& member, std::string_view operation, json::object input) {
  const auto& region = scenario_.settings.store.region;
  HostileDeed deed;
  deed.account = member.account;
  deed.operation = operation;
  deed.secret = text_of(input, operation == "CreateSecret" ? "Name" : "SecretId");
  const auto* before = sandbox_.world.find_secret(member.account, region, deed.secret);
  if (before != nullptr) deed.arn = before->arn;
  acting_ = true;
  const auto answer = sandbox_.answer(signed_by(member, region, operation, input, clock_.now()), clock_.now());
  acting_ = false;
  deed.performed = answer.performed;
  deed.reply.assign(answer.response.body.data(), answer.response.body.size());
  ++acts_;
  if (!deed.performed) ++refused_;
  checker_.hostile_did(deed);
}

void Hostile::live() {
  if (at_rest_) return;
  for (const auto& member : scenario_.hostile) {
    const auto& users = sandbox_.world.find_account(member.account)->iam.users;
    for (const auto& [folded, user] : users) {
      if (!random_.chance(scenario_.hostile_acts_a_day / quarters_of_a_day)) continue;
      const auto name = rotation::secret_name(scenario_.settings.store.name_template, member.account, user.name);
      act(member, name.str(), user);
    }
  }
}

/// Right after rekeyer has made, locked or filled a secret he is the quickest.
void Hostile::after_call(const sandbox::LoggedCall& call) {
  static constexpr std::string_view moments[] = {"CreateSecret", "PutResourcePolicy", "CreateAccessKey",
                                                 "PutSecretValue", "GetUser"};
  if (at_rest_ || acting_ || scenario_.hostile.empty() || !is_rekeyer(call.principal)) return;
  const bool moment = std::ranges::find(moments, call.operation) != std::ranges::end(moments);
  if (!random_.chance(moment ? 4 * scenario_.hostile_haste : scenario_.hostile_haste / 4)) return;
  const auto member = std::ranges::find(scenario_.hostile, call.account, &SecretsMember::account);
  if (member == scenario_.hostile.end()) return;
  const auto& users = sandbox_.world.find_account(call.account)->iam.users;
  if (users.empty()) return;
  const auto operation = call.operation;
  std::string asked(text_of(call.input, "SecretId"));
  if (asked.empty()) asked = text_of(call.input, "Name");
  const auto& name_template = scenario_.settings.store.name_template;
  auto chosen = std::next(users.begin(), static_cast<std::ptrdiff_t>(random_.below(users.size())));
  std::string secret = rotation::secret_name(name_template, call.account, chosen->second.name).str();
  if (const auto* touched = sandbox_.world.find_secret(call.account, scenario_.settings.store.region, asked)) {
    secret = touched->name;
    const auto carries = rotation::user_of_secret(name_template, call.account, secret);
    const auto found = carries ? users.find(sandbox::folded(carries->str())) : users.end();
    if (found != users.end()) chosen = found;
  }
  if (operation == "CreateAccessKey") {
    const std::string name(text_of(call.input, "UserName"));
    const auto owner = users.find(sandbox::folded(name));
    if (owner != users.end() && random_.chance(0.5)) return store_first(*member, owner->second);
  }
  act(*member, secret, chosen->second);
}

/// A key was made just now, and whoever may list keys knows the token under which its secret will be stored.
void Hostile::store_first(const SecretsMember& member, const sandbox::User& user) {
  if (user.keys.empty()) return;
  const auto& newest = user.keys.back().id;
  const auto& name_template = scenario_.settings.store.name_template;
  json::object input{{"SecretId", rotation::secret_name(name_template, member.account, user.name).str()},
                     {"ClientRequestToken", rotation::version_token(member.account, user.name, newest).str()},
                     {"SecretString", text_of_another_secret(newest)}};
  if (random_.chance(0.5)) input["VersionStages"] = json::array{"AWSPENDING"};
  ask(member, "PutSecretValue", std::move(input));
}

void Hostile::act(const SecretsMember& member, const std::string& secret, const sandbox::User& user) {
  const Target target{sandbox_.world, scenario_.settings, member.account, user, clock_.now()};
  const bool there = sandbox_.world.find_secret(member.account, scenario_.settings.store.region, secret) != nullptr;
  if (!there) {
    stand_there_first(member, target, secret);
  } else if (random_.chance(0.6)) {
    change(member, target, secret);
  }
  read(member, secret);
}

void Hostile::stand_there_first(const SecretsMember& member, const Target& target, const std::string& secret) {
  if (!random_.chance(0.3)) return;  // rekeyer shall be the first sometimes
  json::object input{{"Name", secret}, {"ClientRequestToken", random_.hex(64)}};
  if (random_.chance(0.7)) input["Tags"] = tag_list(forged_tags(random_, target, forges_proof()));
  if (random_.chance(0.3)) {
    auto value = forged_value(random_, target);
    input["ClientRequestToken"] = value.token;
    input["SecretString"] = value.text;
  }
  ask(member, "CreateSecret", std::move(input));
  if (random_.chance(0.4)) {
    ask(member, "PutResourcePolicy",
        {{"SecretId", secret}, {"ResourcePolicy", forged_policy(random_, target, member.role)}});
  }
}

void Hostile::change(const SecretsMember& member, const Target& target, const std::string& secret) {
  json::object input{{"SecretId", secret}};
  switch (random_.below(9)) {
    case 0:
      input["Tags"] = tag_list(forged_tags(random_, target, forges_proof()));
      return ask(member, "TagResource", std::move(input));
    case 1:
      input["TagKeys"] = json::array{"rekeyer:intent", "rekeyer:custody", random_.chance(0.5) ? "rekeyer:id" : "team"};
      return ask(member, "UntagResource", std::move(input));
    case 2:
      input["ResourcePolicy"] = forged_policy(random_, target, member.role);
      return ask(member, "PutResourcePolicy", std::move(input));
    case 3: return ask(member, "DeleteResourcePolicy", std::move(input));
    case 4:
      if (random_.chance(0.5)) {
        input["ForceDeleteWithoutRecovery"] = true;
      } else {
        input["RecoveryWindowInDays"] = 7;
      }
      return ask(member, "DeleteSecret", std::move(input));
    case 5: return ask(member, "RestoreSecret", std::move(input));
    case 6: return move_labels(member, secret);
    case 7:
      input["AddReplicaRegions"] = json::array{json::object{{"Region", "ap-south-1"}}};
      return ask(member, "ReplicateSecretToRegions", std::move(input));
    default: {
      auto value = forged_value(random_, target);
      input["ClientRequestToken"] = value.token;
      input["SecretString"] = value.text;
      return ask(member, "PutSecretValue", std::move(input));
    }
  }
}

void Hostile::move_labels(const SecretsMember& member, const std::string& secret) {
  const auto* stored = sandbox_.world.find_secret(member.account, scenario_.settings.store.region, secret);
  if (stored == nullptr || stored->versions.empty()) return;
  const auto& [to, version] =
      *std::next(stored->versions.begin(), static_cast<std::ptrdiff_t>(random_.below(stored->versions.size())));
  json::object input{{"SecretId", secret}, {"VersionStage", "AWSCURRENT"}, {"MoveToVersionId", to}};
  for (const auto& [id, other] : stored->versions) {
    if (id != to && other.stages.contains("AWSCURRENT")) input["RemoveFromVersionId"] = id;
  }
  ask(member, "UpdateSecretVersionStage", std::move(input));
}

/// Whatever label the value has by now.
void Hostile::read(const SecretsMember& member, const std::string& secret) {
  if (sandbox_.world.find_secret(member.account, scenario_.settings.store.region, secret) == nullptr) return;
  for (const auto* stage : {"AWSCURRENT", "AWSPENDING"}) {
    ask(member, "GetSecretValue", {{"SecretId", secret}, {"VersionStage", stage}});
  }
}

}  // namespace rekeyer::simulation
