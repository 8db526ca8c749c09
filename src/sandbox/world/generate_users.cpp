#include "sandbox/world/generate_users.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sandbox/world/generate_words.hpp"
#include "sandbox/world/world_file_fields.hpp"

namespace rekeyer::sandbox {
namespace {

constexpr std::string_view exemption_group = "IAMKeyRotationExemptionGroup";

Group& group_named(World& world, Account& account, std::string_view name) {
  const auto [place, made] = account.iam.groups.try_emplace(folded(name));
  if (made) {
    place->second.name = GroupName(std::string(name));
    place->second.id = world.ids.unique("AGPA");
    place->second.created = account.joined;
  }
  return place->second;
}

}  // namespace

void UserGenerator::fill(Account& account, std::string_view team, std::size_t users) {
  for (std::size_t i = 0; i < users; ++i) add_user(account, team);
}

void UserGenerator::add_user(Account& account, std::string_view team) {
  ++drawn_;
  const bool is_person = random_.below(100) < 45;
  User user = is_person ? person() : service(team);
  user.id = world_.ids.unique("AIDA");
  auto& users = account.iam.users;
  std::string name = folded(user.name.str());
  // The second of a name gets a number, as in any company.
  for (std::size_t number = users.size() + 1; users.contains(name); ++number) {
    name = fmt::format("{}{}", folded(user.name.str()), number);
  }
  user.name = UserName(name);
  describe(user, team, is_person);
  const auto placed = users.emplace(std::move(name), std::move(user)).first;
  enrol(account, placed->second, is_person);
  add_keys(account, placed->second, is_person);
}

/// Two draws in an order of their own: the order of a call's arguments is the compiler's.
std::string UserGenerator::full_name() {
  const auto first = any(words::first_names);
  const auto last = any(words::last_names);
  return fmt::format("{}.{}", first, last);
}

User UserGenerator::person() {
  User user;
  user.name = UserName(full_name());
  return user;
}

User UserGenerator::service(std::string_view team) {
  User user;
  user.path = "/service/";
  const auto job = any(words::jobs);
  switch (random_.below(6)) {
    case 0:
    case 1: user.name = UserName(fmt::format("ci-{}", random_.below(2) == 0 ? team : job)); break;
    case 2: user.name = UserName(fmt::format("backup-{}", team)); break;
    default: user.name = UserName(fmt::format("svc-{}-{}", team, job)); break;
  }
  return user;
}

/// Tags: the owner (mostly), the team, a policy of its own (seldom), an exemption (seldom).
void UserGenerator::describe(User& user, std::string_view team, bool person) {
  if (random_.below(100) < 85) {
    const bool of_team = !person && random_.below(3) != 0;
    const std::string who = person ? user.name.str() : of_team ? std::string(team) : full_name();
    user.tags["owner"] = fmt::format("{}@{}", who, words::mail_domain);
  }
  if (one_in(2)) user.tags["team"] = team;
  if (one_in(50)) user.tags["rekeyer:policy"] = any(words::policies);
  if (one_in(66) || drawn_ == 20) {
    auto reason = std::string(any(words::exemptions));
    if (one_in(2)) {
      const auto until = now_ + std::chrono::days{random_.below(400)} - std::chrono::days{60};
      reason += " until=" + day_of(until);
    }
    user.tags["rekeyer:exempt"] = reason;
  }
}

void UserGenerator::enrol(Account& account, const User& user, bool person) {
  const auto draw = random_.below(100);
  if (person && draw < 60) group_named(world_, account, "Developers").members.push_back(user.name);
  if (person && draw >= 94) group_named(world_, account, "Administrators").members.push_back(user.name);
  if (one_in(50) || drawn_ == 10) group_named(world_, account, exemption_group).members.push_back(user.name);
}

void UserGenerator::add_keys(Account& account, User& user, bool person) {
  const auto count = key_count(person);
  const double first_age = age(false);
  user.created = days_before(now_, first_age + between(0, 200));
  if (person && one_in(2)) user.password_last_used = days_before(now_, between(0, first_age));
  if (count == 0) return;
  AccessKey first = key(first_age, habit(person));
  if (count == 1) {
    first.active = random_.below(100) >= 6;
    world_.add_key(account.id, user.name, std::move(first));
    return;
  }
  // Two: both at work, the older one forgotten, or switched off already.
  const auto shape = random_.below(100);
  const double second_age = std::min(age(true), first_age * 0.9);
  AccessKey second = key(second_age, shape < 35 ? Habit::daily : habit(person));
  if (shape < 35) first = key(first_age, Habit::weekly);
  if (shape >= 35 && shape < 80) first = key(first_age, one_in(3) ? Habit::never : Habit::seldom);
  if (shape >= 80) first.active = false;
  world_.add_key(account.id, user.name, std::move(first));
  world_.add_key(account.id, user.name, std::move(second));
}

AccessKey UserGenerator::key(double age_days, Habit habit) {
  AccessKey key;
  key.id = world_.ids.access_key();
  key.secret = world_.ids.secret_key();
  key.created = days_before(now_, age_days);
  double used = 0;
  switch (habit) {
    case Habit::daily: used = between(0, 1.5); break;
    case Habit::weekly: used = between(0, 7); break;
    case Habit::monthly: used = between(0, 31); break;
    case Habit::seldom: used = between(31, 31 + age_days); break;
    case Habit::never: return key;
  }
  // Nothing is used before it is there.
  if (used > age_days) used = between(0, age_days);
  key.last_use = KeyUse{days_before(now_, used), std::string(any(words::services)), std::string(any(words::regions))};
  return key;
}

UserGenerator::Habit UserGenerator::habit(bool person) {
  const auto draw = random_.below(100);
  const std::array<std::uint64_t, 4> people{25, 45, 62, 82};
  const std::array<std::uint64_t, 4> machines{55, 68, 80, 89};
  const auto& limits = person ? people : machines;
  if (draw < limits[0]) return Habit::daily;
  if (draw < limits[1]) return Habit::weekly;
  if (draw < limits[2]) return Habit::monthly;
  if (draw < limits[3]) return Habit::seldom;
  return Habit::never;
}

/// Days: a fifth under a month, a quarter under 90 days, the rest overdue by some months or by years.
double UserGenerator::age(bool fresh) {
  const auto draw = random_.below(100);
  if (fresh) return draw < 50 ? between(0, 45) : between(30, 300);
  if (draw < 20) return between(0, 30);
  if (draw < 45) return between(30, 90);
  if (draw < 75) return between(90, 365);
  return between(365, 2200);
}

std::size_t UserGenerator::key_count(bool person) {
  const auto draw = random_.below(100);
  if (person) return draw < 25 ? 0 : draw < 88 ? 1 : 2;
  return draw < 3 ? 0 : draw < 76 ? 1 : 2;
}

}  // namespace rekeyer::sandbox
