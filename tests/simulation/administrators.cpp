#include "simulation/administrators.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cstdio>

#include "base/text.hpp"
#include "policy/custody.hpp"
#include "simulation/history.hpp"

namespace rekeyer::simulation {
namespace {

namespace json = boost::json;

/// "ann0" → "ANN0", and back: IAM takes it for the same name, and shows it as it was written last.
std::string in_other_case(std::string name) {
  const bool has_small = std::ranges::any_of(name, is_lower);
  if (!has_small) return lower_case(name);
  std::ranges::transform(name, name.begin(), [](char c) { return is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c; });
  return name;
}

json::object policy_of(const sandbox::StoredSecret& secret) {
  if (secret.policy) return json::parse(*secret.policy).as_object();
  return {{"Version", "2012-10-17"}, {"Statement", json::array()}};
}

bool keeps_readers_out(const json::value& statement) {
  const auto* sid = statement.as_object().if_contains("Sid");
  return sid != nullptr && sid->is_string() && std::string_view(sid->get_string()) == keep_out_sid;
}

}  // namespace

void Administrators::note(const Person& person, std::string_view what) const {
  if (!trace_) return;
  fmt::print(stderr, "{} {}/{} {}\n", iso8601(clock_.now()), person.account, person.user, what);
}

bool Administrators::there(const Person& person) const {
  const auto* user = sandbox_.world.find_user(person.account, person.user);
  return user != nullptr && user->id == person.id;
}

void Administrators::live() {
  if (at_rest_) return;
  // By number: whoever gets a former name is a new person.
  for (std::size_t number = 0; number < scenario_.people.size(); ++number) {
    if (random_.chance(scenario_.administrator_a_day / quarters_of_a_day)) administrate(number);
    if (!there(scenario_.people[number])) continue;
    if (random_.chance(scenario_.renames_a_day / quarters_of_a_day)) rename(number);
    if (!random_.chance(scenario_.denials_a_day / quarters_of_a_day)) continue;
    const auto& person = scenario_.people[number];
    random_.chance(0.3) ? let_read(person) : deny_reading(person);
  }
  if (random_.chance(scenario_.copies_fail_a_day / quarters_of_a_day)) copies_fail();
  if (random_.chance(scenario_.keys_disabled_a_day / quarters_of_a_day)) use_of_keys_fails();
  checker_.people_acted();
}

/// Between any two steps of a rotation.
void Administrators::after_call(const sandbox::LoggedCall& call) {
  static constexpr std::string_view moments[] = {"ListUsers",   "ListAccessKeys",  "GetUser",
                                                 "TagResource", "CreateAccessKey", "PutSecretValue"};
  if (at_rest_ || scenario_.administrators_haste == 0 || !is_rekeyer(call.principal)) return;
  const bool moment = std::ranges::find(moments, call.operation) != std::ranges::end(moments);
  if (!moment || !random_.chance(scenario_.administrators_haste)) return;
  std::vector<std::size_t> there_now;
  for (std::size_t number = 0; number < scenario_.people.size(); ++number) {
    const auto& person = scenario_.people[number];
    if (person.account == call.account && there(person)) there_now.push_back(number);
  }
  if (there_now.empty()) return;
  const auto number = there_now[random_.below(there_now.size())];
  auto& person = scenario_.people[number];
  if (random_.chance(0.5)) return rename(number);
  if (sandbox_.world.find_user(person.account, person.user)->keys.size() >= 2) return;
  person.uses = make_key(hand(), person.account, person.user);
  note(person, "gets a key of his own in the middle of it");
  checker_.people_acted();
}

void Administrators::administrate(std::size_t number) {
  auto& person = scenario_.people[number];
  if (!there(person)) return;
  auto* user = sandbox_.world.find_user(person.account, person.user);
  switch (random_.below(5)) {
    case 0:
      for (const auto& key : user->keys) {
        if (!random_.chance(0.5)) continue;
        note(person, "has a key switched off");
        switch_key(hand(), key.id, false);
        return;
      }
      return;
    case 1: {
      if (!random_.chance(0.3)) return;
      note(person, "is removed");
      checker_.people_acted();  // as long as it can be told whose the keys were
      remove_user(hand(), person.account, person.user);
      checker_.removed(person.account, person.user);
      return;
    }
    case 2:
      user->tags["rekeyer:exempt"] = "for a while";
      checker_.set_exempt(person.account, person.user, true);
      note(person, "is exempt");
      return;
    case 3:
      if (person.exempt || user->tags.erase("rekeyer:exempt") == 0) return;
      checker_.set_exempt(person.account, person.user, false);
      note(person, "is not exempt any more");
      return;
    default: {
      const auto secrets = checker_.secrets_of(person.account, person.user);
      if (secrets.empty()) return;
      secrets.front()->tags.erase(std::string(policy::custody_tag));
      note(person, "loses the custody tag");
    }
  }
}

/// To the same name in other letters, or to a new one; then the former may be given to somebody else at once.
void Administrators::rename(std::size_t number) {
  const auto former = scenario_.people[number];
  const bool same = random_.chance(0.3);
  UserName name(same ? in_other_case(former.user.str()) : fmt::format("new{}", names_given_++));
  if (random_.chance(0.2) && !former.former_name.empty()) name = former.former_name;  // back again
  const auto* taken = sandbox_.world.find_user(former.account, name);
  if (name == former.user || (taken != nullptr && taken->id != former.id)) return;
  note(former, "is called " + name.str() + " from now on");
  checker_.people_acted();
  sandbox_.world.rename_user(former.account, former.user, name);
  checker_.renamed(former.account, former.user, name);
  scenario_.people[number].user = name;
  scenario_.people[number].former_name = former.user;
  const bool free = sandbox_.world.find_user(former.account, former.user) == nullptr;
  if (free && random_.chance(0.4)) give_name(former, former.user);
}

void Administrators::give_name(const Person& former, const UserName& name) {
  auto& world = sandbox_.world;
  sandbox::User user;
  user.name = name;
  user.id = world.ids.unique("AIDA");
  user.created = std::chrono::floor<std::chrono::seconds>(clock_.now());
  if (scenario_.messages.enabled()) user.tags[scenario_.messages.owner.tag] = mail_address_of(user.id, former.account);
  Person person;
  person.account = former.account;
  person.user = name;
  person.id = user.id;
  person.uses_a_day = former.uses_a_day;
  person.installs_a_day = former.installs_a_day;
  world.account(former.account).iam.users[sandbox::folded(name.str())] = std::move(user);
  if (random_.chance(0.8)) person.uses = make_key(hand(), person.account, person.user);
  note(person, "is somebody new");
  checker_.people_acted();
  scenario_.people.push_back(std::move(person));
}

/// They are trusted, and err: a statement that was meant for somebody else keeps the owner from reading, too.
void Administrators::deny_reading(const Person& person) {
  for (auto* secret : checker_.secrets_of(person.account, person.user)) {
    auto policy = policy_of(*secret);
    auto& statements = policy["Statement"].as_array();
    if (std::ranges::any_of(statements, keeps_readers_out)) continue;
    statements.push_back(json::object{{"Sid", keep_out_sid},
                                      {"Effect", "Deny"},
                                      {"Principal", "*"},
                                      {"Action", "secretsmanager:GetSecretValue"},
                                      {"Resource", "*"}});
    secret->policy = json::serialize(policy);
    note(person, "may not read the secret any more");
  }
}

void Administrators::let_read(const Person& person) {
  for (auto* secret : checker_.secrets_of(person.account, person.user)) {
    auto policy = policy_of(*secret);
    auto& statements = policy["Statement"].as_array();
    const auto kept = std::ranges::remove_if(statements, keeps_readers_out);
    if (kept.empty()) continue;
    statements.erase(kept.begin(), kept.end());
    secret->policy = statements.empty() ? std::nullopt : std::optional(json::serialize(policy));
    note(person, "may read the secret again");
  }
}

/// AWS does not get copies through to another Region any more, or does again; what failed stays so until it is ordered
/// anew.
void Administrators::copies_fail() {
  const auto& regions = scenario_.settings.store.replica_regions;
  if (regions.empty()) return;
  auto& behaviour = sandbox_.behaviour;
  behaviour.replication_time = std::chrono::minutes{random_.below(3) * 30};
  if (!behaviour.failing_replica_regions.empty()) return behaviour.failing_replica_regions.clear();
  behaviour.failing_replica_regions = {regions.front().str()};
  for (auto& [id, account] : sandbox_.world.accounts) {
    for (auto& [name, secret] : account.vaults[scenario_.settings.store.region].secrets) {
      for (auto& replica : secret.replicas) {
        if (random_.chance(0.5)) replica.status = "Failed";
      }
    }
  }
}

/// The KMS key of the central store is disabled, or enabled again.
void Administrators::use_of_keys_fails() {
  auto& world = sandbox_.world;
  auto& keys = world.account(world.tooling).vaults[scenario_.settings.store.region].keys;
  for (auto& [id, key] : keys) {
    if (key.arn.str() == scenario_.settings.store.kms_key_id) key.enabled = !key.enabled;
  }
}

void Administrators::behave() {
  at_rest_ = true;
  sandbox_.behaviour.failing_replica_regions.clear();
  sandbox_.behaviour.replication_time = Milliseconds{0};
  for (const auto& person : scenario_.people) {
    if (there(person)) let_read(person);
  }
  for (auto& [id, account] : sandbox_.world.accounts) {
    for (auto& [region, vault] : account.vaults) {
      for (auto& [key_id, key] : vault.keys) key.enabled = true;
    }
  }
}

}  // namespace rekeyer::simulation
