// Which accounts have somebody in them who is up to no good, and what the draw changes for him.
#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <stdexcept>

#include "simulation/scenario.hpp"

namespace rekeyer::simulation {
namespace {

namespace json = boost::json;

json::object all_rights_to_secrets() {
  const json::object statement{{"Effect", "Allow"}, {"Action", "secretsmanager:*"}, {"Resource", "*"}};
  return {{"all", json::object{{"Version", "2012-10-17"}, {"Statement", json::array{statement}}}}};
}

/// By a key of the account that rekeyer runs from: he may then write what he likes for a proof.
void sign_proofs(Scenario& scenario, Instant start) {
  auto& world = scenario.world.world;
  auto& store = scenario.settings.store;
  auto& key = add_kms_key(world, store.region, "bbbbbbbb-0000-4000-8000-000000000000", start);
  key.spec = sandbox::signing_key_spec;
  key.private_key = world.ids.signing_key();
  store.proof = key.arn.str();
}

}  // namespace

SecretsMember add_member(sandbox::World& world, const AccountId& account, std::string_view role_name, Instant start) {
  const json::object description{{"name", role_name}, {"policies", all_rights_to_secrets()}};
  const auto role = sandbox::add_role(world, account, description, start);
  if (!role) throw std::logic_error(role.error().message);
  sandbox::Session session;
  session.id = world.ids.session_key();
  session.secret = world.ids.secret_key();
  session.token = world.ids.session_token();
  session.account = account;
  session.role = (*role)->name;
  session.owner_id = (*role)->id;
  session.name = "somebody";
  session.issued = start;
  session.expires = start + std::chrono::days{10'000};
  SecretsMember member{account, world.role_arn(account, **role), session.id, session.secret, session.token};
  world.sessions[session.id.str()] = std::move(session);
  return member;
}

void draw_hostile(Random& random, Scenario& scenario, Instant start) {
  auto& store = scenario.settings.store;
  if (!random.chance(0.4) || store.location != rotation::StoreLocation::member) return;
  auto& world = scenario.world.world;
  for (auto& [id, account] : world.accounts) {
    const bool callers_own = id == world.tooling || id == world.organization.management;
    if (!callers_own) scenario.hostile.push_back(add_member(world, id, "developers", start));
  }
  scenario.hostile_acts_a_day = random.chance(0.5) ? 1 : 6;
  scenario.hostile_haste = random.chance(0.5) ? 0.02 : 0.15;
  // By default whoever has all rights to secrets may read: only with this is there anything that he must not.
  if (random.chance(0.8)) store.lock = rotation::LockMode::all;
  if (random.chance(0.3)) {
    scenario.world.behaviour.resource_policy_delay = std::chrono::seconds{random.chance(0.5) ? 3 : 40};
  }
  if (random.chance(0.5)) sign_proofs(scenario, start);
}

}  // namespace rekeyer::simulation
