#include "sandbox/world/generate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "sandbox/world/generate_users.hpp"
#include "sandbox/world/generate_words.hpp"
#include "sandbox/world/world_file_parts.hpp"

namespace rekeyer::sandbox {
namespace {

/// What an account is, before its users come.
struct PlannedAccount {
  std::string name;
  std::string unit;
  std::string team;
  std::string state = "ACTIVE";
  std::uint64_t weight = 1;  ///< its share of all users
};

class Generator {
 public:
  Generator(LoadedWorld& loaded, const WorldShape& shape, Instant now)
      : loaded_(loaded), world_(loaded.world), shape_(shape), now_(now), random_(shape.seed ^ 0x5eed0fac0117ULL) {}

  void generate();

 private:
  std::vector<PlannedAccount> plan_accounts();
  PlannedAccount plan_workload(std::size_t number);
  std::vector<std::size_t> share_users(const std::vector<PlannedAccount>& plans);
  Account& add_account(const PlannedAccount& plan);
  AccountId new_account_id();
  void add_member_role(Account& account);

  LoadedWorld& loaded_;
  World& world_;
  WorldShape shape_;
  Instant now_;
  Random random_;
};

/// Those that every company has, with the management account first. The rest are workloads.
const std::array<PlannedAccount, 8> basics{{{std::string(words::company), "", "platform", "ACTIVE", 1},
                                            {"payments-prod", "Workloads/Prod", "payments", "ACTIVE", 12},
                                            {"payments-dev", "Workloads/Dev", "payments", "ACTIVE", 6},
                                            {"security-tooling", "Security", "security", "ACTIVE", 2},
                                            {"shared-services", "Infrastructure", "platform", "ACTIVE", 8},
                                            {"old-shop", "Suspended", "shop", "SUSPENDED", 1},
                                            {"log-archive", "Security", "security", "ACTIVE", 1},
                                            {"network", "Infrastructure", "network", "ACTIVE", 1}}};

void Generator::generate() {
  auto& organization = world_.organization;
  organization.id = "o-" + world_.ids.lower(10);
  organization.root = OuId("r-" + world_.ids.lower(4));
  organization.created = days_before(now_, 2500);
  for (const std::string_view path :
       {"Security", "Infrastructure", "Workloads/Prod", "Workloads/Dev", "Sandbox", "Suspended"}) {
    make_unit(world_, path);
  }
  const auto plans = plan_accounts();
  const auto shares = share_users(plans);
  UserGenerator users(world_, random_, now_);
  std::vector<AccountId> made;
  for (const auto& plan : plans) {
    Account& account = add_account(plan);
    users.fill(account, plan.team, shares[made.size()]);
    made.push_back(account.id);
    // One in a hundred, and one at least, can't be entered: the role was never rolled out there.
    const auto number = made.size() - 1;
    if (number == 0 || number % 100 != 7) add_member_role(account);
  }
  // The root user of one account has a key, as nobody should.
  world_.account(made[made.size() > 2 ? 2 : 0]).iam.root_keys = 1;
  make_caller(world_, everything_allowed, now_);
  // Whoever runs rekeyer there may send mails to the owners of keys.
  for (const std::string& domain : {std::string("example.com"), std::string(words::mail_domain)}) {
    world_.account(world_.tooling).messages.identities[domain] = MailIdentity{.name = domain};
  }
  const auto* caller = world_.find_user(world_.tooling, UserName(std::string(caller_name)));
  loaded_.caller = CallerKey{world_.tooling, caller->name, caller->keys.front().id, caller->keys.front().secret};
}

std::vector<PlannedAccount> Generator::plan_accounts() {
  std::vector<PlannedAccount> plans;
  const auto count = std::max<std::size_t>(1, shape_.accounts);
  for (std::size_t i = 0; i < count; ++i) {
    plans.push_back(i < basics.size() ? basics[i] : plan_workload(i - basics.size()));
  }
  return plans;
}

/// A team's production and development accounts in turn, a sandbox now and then; numbered once the teams are used up.
PlannedAccount Generator::plan_workload(std::size_t number) {
  PlannedAccount plan;
  const auto round = number / 3;
  const auto team = words::teams[(round + 1) % words::teams.size()];
  const auto again = (round + 1) / words::teams.size();
  const auto end = again == 0 ? std::string{} : fmt::format("-{}", again + 1);
  plan.team = team;
  if (number % 3 == 2) {
    plan.name = fmt::format("sandbox-{}{}", team, end);
    plan.unit = "Sandbox";
  } else {
    const bool production = number % 3 == 0;
    plan.name = fmt::format("{}-{}{}", team, production ? "prod" : "dev", end);
    plan.unit = production ? "Workloads/Prod" : "Workloads/Dev";
  }
  // A few large ones hold most users; in integers, so that every build shares out alike.
  const auto draw = random_.below(100);
  plan.weight = draw < 8 ? 20 + random_.below(40) : draw < 40 ? 4 + random_.below(8) : 1 + random_.below(3);
  if (number % 100 == 60) {
    plan.state = "SUSPENDED";
    plan.unit = "Suspended";
  }
  return plan;
}

std::vector<std::size_t> Generator::share_users(const std::vector<PlannedAccount>& plans) {
  std::uint64_t weights = 0;
  for (const auto& plan : plans) weights += plan.weight;
  std::vector<std::size_t> shares;
  std::size_t left = shape_.users;
  for (const auto& plan : plans) {
    shares.push_back(shape_.users * plan.weight / weights);
    left -= shares.back();
  }
  for (; left > 0; --left) ++shares[random_.below(shares.size())];
  return shares;
}

AccountId Generator::new_account_id() {
  for (;;) {
    AccountId id(fmt::format("{:012}", random_.below(1'000'000'000'000)));
    if (world_.find_account(id) == nullptr) return id;
  }
}

Account& Generator::add_account(const PlannedAccount& plan) {
  auto& organization = world_.organization;
  const auto id = new_account_id();
  Account& account = world_.account(id);
  account.name = plan.name;
  account.email = fmt::format("aws+{}@{}", plan.name, words::mail_domain);
  account.state = plan.state;
  account.joined = days_before(now_, 100 + static_cast<double>(random_.below(2300)));
  if (organization.order.empty()) {
    organization.management = id;
    world_.tooling = id;
    account.joined = organization.created;
  }
  organization.order.push_back(id);
  organization.parent_of[id] = make_unit(world_, plan.unit);
  return account;
}

void Generator::add_member_role(Account& account) {
  Role role;
  role.name = world_.member_role;
  role.id = world_.ids.unique("AROA");
  role.created = account.joined;
  role.trust = member_trust(world_, "");
  role.policies = {{"rekeyer", std::string(everything_allowed)}};
  account.iam.roles.emplace(folded(role.name.str()), std::move(role));
}

/// Ages in turn, so that the same world comes of the same seed.
void tend(World& world, Instant now) {
  constexpr int oldest = 60;
  constexpr int oldest_by_own_policy = 20;  // some ask for a new key every 30 days, and are warned before
  constexpr int step = 7;
  int turn = 0;
  for (auto& [id, account] : world.accounts) {
    for (auto& [name, user] : account.iam.users) {
      while (user.keys.size() > 1) world.remove_key(id, user.name, user.keys.back().id);
      for (auto& key : user.keys) {
        turn = (turn + step) % oldest;
        const bool own_policy = user.tags.contains("rekeyer:policy");
        key.active = true;
        key.created = now - std::chrono::days{1 + (own_policy ? turn % oldest_by_own_policy : turn)};
        key.last_use = KeyUse{now - std::chrono::hours{5}, "s3", "eu-west-1"};
        user.created = std::min(user.created, key.created);
      }
    }
  }
}

}  // namespace

LoadedWorld generate_world(const WorldShape& shape, Instant now) {
  LoadedWorld loaded{World(shape.seed), {}, {}};
  Generator(loaded, shape, now).generate();
  if (shape.tended) tend(loaded.world, now);
  return loaded;
}

}  // namespace rekeyer::sandbox
