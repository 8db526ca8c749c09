#include "simulation/scenario.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <stdexcept>

namespace rekeyer::simulation {
namespace {

namespace json = boost::json;

constexpr std::string_view management = "100000000000";
constexpr double weekly = 1.0 / 7;
constexpr double monthly = 1.0 / 30;
constexpr std::string_view exempt_group = "IAMKeyRotationExemptionGroup";

/// One of the given.
template <class T>
T one_of(Random& random, std::initializer_list<T> choices) {
  return choices.begin()[random.below(choices.size())];
}

std::size_t between(Random& random, std::size_t least, std::size_t most) {
  return least + random.below(most - least + 1);
}

json::object draw_key(Random& random) {
  json::object key;
  const double age = random.unit() * 60;
  key["age"] = age;
  if (!random.chance(0.25)) key["used"] = age * random.unit() * random.unit();
  if (random.chance(0.15)) key["status"] = "Inactive";
  return key;
}

json::object draw_user(Random& random, std::size_t number) {
  json::object user;
  user["name"] =
      fmt::format("{}{}", one_of<std::string_view>(random, {"ann", "Bob", "svc-x,y", "ci=1", "d.e+f"}), number);
  if (random.chance(0.3)) user["path"] = "/team/";
  json::array keys;
  const auto count = one_of<std::size_t>(random, {0, 1, 1, 1, 1, 2, 2});
  for (std::size_t i = 0; i < count; ++i) keys.push_back(draw_key(random));
  user["keys"] = std::move(keys);
  if (random.chance(0.12)) user["groups"] = json::array{exempt_group};
  if (random.chance(0.06)) user["tags"] = json::object{{"rekeyer:exempt", "by hand"}};
  return user;
}

json::object draw_world(Random& random) {
  json::array accounts;
  const auto count = one_of<std::size_t>(random, {1, 1, 2, 3});
  for (std::size_t i = 0; i < count; ++i) {
    json::object account{{"id", fmt::format("{:012}", 111111111111 * (i + 1))},
                         {"name", fmt::format("member {}", i + 1)}};
    json::array users;
    const auto people = between(random, 1, 3);
    for (std::size_t u = 0; u < people; ++u) users.push_back(draw_user(random, u));
    account["users"] = std::move(users);
    account["groups"] = json::array{json::object{{"name", exempt_group}}};
    if (random.chance(0.1)) account["roles"] = json::array{};  // denied
    if (random.chance(0.05)) account["state"] = "SUSPENDED";
    accounts.push_back(std::move(account));
  }
  json::object world{{"management", management}, {"accounts", std::move(accounts)}};
  if (random.chance(0.3)) world["external_id"] = "orchid-7";
  return world;
}

void draw_truths(Random& random, sandbox::AwsBehaviour& behaviour) {
  using std::chrono::seconds;
  behaviour.organizations_page = one_of(random, {1, 2, 20});
  behaviour.organizations_empty_pages = random.chance(0.3);
  behaviour.iam_page = one_of(random, {0, 0, 1, 3});
  behaviour.secrets_page = one_of(random, {100, 100, 1, 2});
  behaviour.report_at_hand = random.chance(0.3);
  behaviour.report_build_polls = one_of(random, {0, 1, 2});
  behaviour.last_used_lag = one_of<seconds>(random, {seconds{0}, seconds{600}, seconds{3 * 3600}});
  behaviour.secrets_list_lag = one_of<seconds>(random, {seconds{0}, seconds{60}, seconds{300}});
  behaviour.new_key_delay = one_of<seconds>(random, {seconds{0}, seconds{5}, seconds{15}});
  behaviour.new_key_refusals = one_of(random, {0, 0, 2});
  behaviour.key_list_lag = one_of<seconds>(random, {seconds{0}, seconds{0}, seconds{4}, seconds{15}});
  behaviour.status_delay = one_of<seconds>(random, {seconds{0}, seconds{5}});
  behaviour.pending_first_version_becomes_current = random.chance(0.5);
  behaviour.rate_limits = random.chance(0.3);
  behaviour.latency = Milliseconds{one_of(random, {20, 100, 400})};
  behaviour.latency_spread = Milliseconds{one_of(random, {0, 100, 2000})};
}

void set(policy::RuleChanges& rules, std::string_view key, std::string_view value) {
  if (const auto done = rules.set(key, value, "seed"); !done) throw std::logic_error(done.error().message);
}

policy::RuleChanges draw_rules(Random& random) {
  policy::RuleChanges rules;
  set(rules, "rotation_period", one_of<std::string_view>(random, {"10d", "20d", "30d"}));
  set(rules, "installation_grace", one_of<std::string_view>(random, {"2d", "4d", "8d"}));
  set(rules, "recovery_grace", one_of<std::string_view>(random, {"2d", "4d"}));
  set(rules, "warn_period", "2d");
  set(rules, "in_use", one_of<std::string_view>(random, {"hold", "hold", "hold", "warn", "ignore"}));
  set(rules, "in_use_window", one_of<std::string_view>(random, {"1d", "3d"}));
  set(rules, "hard_deadline", one_of<std::string_view>(random, {"5d", "10d", "never"}));
  set(rules, "unused", one_of<std::string_view>(random, {"retire", "retire", "rotate", "ignore"}));
  set(rules, "two_active", one_of<std::string_view>(random, {"hold", "evict-idle", "evict-least-recently-used"}));
  set(rules, "idle_period", one_of<std::string_view>(random, {"5d", "10d"}));
  return rules;
}

rotation::Settings draw_settings(Random& random, std::string_view external_id) {
  rotation::Settings settings;
  auto& scope = settings.scope;
  scope.external_id = external_id;
  scope.management_account = random.chance(0.2);
  if (scope.management_account && random.chance(0.5)) scope.own_account = rotation::OwnAccount::role;
  settings.policy.organisation = draw_rules(random);
  settings.discovery = random.chance(0.5) ? rotation::Discovery::report : rotation::Discovery::direct;
  settings.limits.concurrency = between(random, 1, 4);
  settings.limits.users_per_account = between(random, 1, 4);
  if (random.chance(0.2)) settings.limits.max_changes = between(random, 1, 3);
  auto& store = settings.store;
  store.grant = one_of(random, {rotation::Grant::secret_policy, rotation::Grant::secret_policy,
                                rotation::Grant::user_policy, rotation::Grant::both, rotation::Grant::none});
  if (random.chance(0.25)) store.replica_regions = {Region("eu-west-1")};
  if (random.chance(0.25)) {
    store.location = rotation::StoreLocation::central;
    store.replica_regions.clear();
  }
  return settings;
}

std::vector<Person> draw_people(Random& random, const sandbox::World& world) {
  std::vector<Person> people;
  for (const auto& [id, account] : world.accounts) {
    for (const auto& [folded, user] : account.iam.users) {
      if (user.name.str() == "rekeyer-runner") continue;
      Person person;
      person.account = id;
      person.user = user.name;
      person.id = user.id;
      for (const auto& key : user.keys) {
        if (key.active && (person.uses.empty() || random.chance(0.5))) person.uses = key.id;
      }
      if (random.chance(0.2)) person.uses = {};
      person.uses_a_day = one_of(random, {4.0, 1.0, 0.3, weekly, monthly});
      person.installs_a_day = one_of(random, {1.0, 0.5, 0.1, 0.0});
      person.mischief_a_day = one_of(random, {0.0, 0.0, 0.05, 0.2});
      const auto group = account.iam.groups.find(sandbox::folded(exempt_group));
      person.exempt = user.tags.contains("rekeyer:exempt") ||
                      (group != account.iam.groups.end() &&
                       std::ranges::find(group->second.members, user.name) != group->second.members.end());
      people.push_back(std::move(person));
    }
  }
  return people;
}

constexpr std::string_view mail_domain = "example.com";

/// Owners are told by mail: each user's own address stands in a tag.
void draw_messages(Random& random, Scenario& scenario) {
  if (!random.chance(0.6)) return;
  notify::ChannelSettings mail;
  mail.name = "mail";
  mail.region = Region("us-east-1");
  scenario.messages.channels.push_back(std::move(mail));
  scenario.messages.from = "access-keys@example.com";
  if (random.chance(0.3)) scenario.messages.administrators = {"administrators@example.com"};
  scenario.messages.owner.chain = {notify::OwnerSource::user_tag};
  scenario.settings.notices = {true, one_of<std::vector<int>>(random, {{1}, {2, 1}, {7, 3, 1}})};
  auto& rules = scenario.settings.policy.organisation;
  set(rules, "require_notice", random.chance(0.8) ? "true" : "false");
  set(rules, "notice_period", one_of<std::string_view>(random, {"0s", "6h", "1d"}));
  auto& world = scenario.world.world;
  sandbox::MailIdentity identity{.name = std::string(mail_domain)};
  world.account(world.tooling).messages.identities[identity.name] = identity;
  for (auto& [id, account] : world.accounts) {
    for (auto& [folded, user] : account.iam.users) {
      user.tags[scenario.messages.owner.tag] = mail_address_of(user.id, id);
    }
  }
}

/// With numbers of its own, so that what is drawn before it stays as it was.
void draw_administrators(Random random, Scenario& scenario) {
  if (random.chance(0.4)) scenario.renames_a_day = one_of(random, {0.02, 0.1, 0.3});
  if (random.chance(0.3)) scenario.denials_a_day = one_of(random, {0.05, 0.3});
  if (random.chance(0.5)) scenario.copies_fail_a_day = one_of(random, {0.1, 0.5});
  if (random.chance(0.3)) scenario.keys_disabled_a_day = one_of(random, {0.1, 0.5});
  if (random.chance(0.3)) scenario.administrators_haste = one_of(random, {0.005, 0.03});
}

}  // namespace

std::string mail_address_of(std::string_view user_id, const AccountId& account) {
  return fmt::format("{}.{}@{}", user_id, account, mail_domain);
}

sandbox::KmsKey& add_kms_key(sandbox::World& world, const Region& region, const std::string& id, Instant start) {
  sandbox::KmsKey key;
  key.id = id;
  key.arn = Arn(fmt::format("arn:aws:kms:{}:{}:key/{}", region, world.tooling, id));
  key.policy =
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"kms:*","Resource":"*"}]})";
  key.created = start;
  return world.account(world.tooling).vaults[region].keys[id] = std::move(key);
}

void store_centrally(Scenario& scenario, Instant start) {
  auto& world = scenario.world.world;
  auto& store = scenario.settings.store;
  store.location = rotation::StoreLocation::central;
  store.kms_key_id = add_kms_key(world, store.region, "aaaaaaaa-0000-4000-8000-000000000000", start).arn.str();
}

Scenario draw_scenario(std::uint64_t seed, Instant start) {
  Random random(seed);
  Scenario scenario;
  scenario.seed = seed;
  auto description = draw_world(random);
  if (random.chance(0.5)) {
    description["accounts"].as_array().push_back(
        json::object{{"id", management},
                     {"name", "management"},
                     {"users", json::array{draw_user(random, 9)}},
                     {"groups", json::array{json::object{{"name", exempt_group}}}}});
  }
  std::string external_id;
  if (const auto* id = description.if_contains("external_id")) external_id = std::string(id->as_string());
  auto loaded = sandbox::load_world(description, random.next(), start);
  if (!loaded) throw std::logic_error("the drawn world is wrong: " + loaded.error().message);
  scenario.world = std::move(*loaded);
  draw_truths(random, scenario.world.behaviour);
  scenario.settings = draw_settings(random, external_id);
  if (scenario.settings.store.location == rotation::StoreLocation::central) store_centrally(scenario, start);
  scenario.people = draw_people(random, scenario.world.world);
  scenario.days = static_cast<int>(between(random, 10, 30));
  scenario.runs_a_day = one_of(random, {0.3, 0.5, 1.0});
  scenario.second_runner = one_of(random, {0.0, 0.2, 0.5});
  scenario.crash = one_of(random, {0.0, 0.2, 0.5});
  scenario.administrator_a_day = one_of(random, {0.0, 0.0, 0.1, 0.3});
  if (random.chance(0.2)) scenario.worst_skew = std::chrono::minutes{20};
  scenario.random_faults.probability = one_of(random, {0.0, 0.01, 0.03, 0.1});
  scenario.denial = one_of(random, {0.0, 0.1, 0.3});
  scenario.late = one_of(random, {0.0, 0.0, 0.01, 0.04});
  draw_messages(random, scenario);
  draw_hostile(random, scenario, start);
  draw_administrators(Random(seed ^ 0x2545f4914f6cdd1dULL), scenario);
  draw_deputies(Random(seed ^ 0xd1342543de82ef95ULL), scenario, start);
  return scenario;
}

std::string describe(const Scenario& scenario) {
  std::size_t keys = 0;
  for (const auto& [id, account] : scenario.world.world.accounts) {
    for (const auto& [name, user] : account.iam.users) keys += user.keys.size();
  }
  return fmt::format("{} accounts, {} people, {} keys, {} days, weather {}", scenario.world.world.accounts.size(),
                     scenario.people.size(), keys, scenario.days, scenario.random_faults.probability);
}

}  // namespace rekeyer::simulation
