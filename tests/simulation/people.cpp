#include "simulation/people.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "sandbox/world/key_use.hpp"

namespace rekeyer::simulation {

void People::note(const Person& person, std::string_view what, const AccessKeyId& id) const {
  if (!trace_) return;
  fmt::print(stderr, "{} {}/{} {} {}\n", iso8601(clock_.now()), person.account, person.user, what, id);
}

void People::behave() { well_behaved_ = true; }

void People::live() {
  for (auto& person : scenario_.people) {
    const auto* user = sandbox_.world.find_user(person.account, person.user);
    if (user == nullptr || user->id != person.id) continue;
    if (random_.chance(person.uses_a_day / quarters_of_a_day)) use(person);
    const double installs = well_behaved_ ? 2 : person.installs_a_day;
    if (random_.chance(installs / quarters_of_a_day)) install(person);
    if (!well_behaved_ && random_.chance(person.mischief_a_day / quarters_of_a_day)) mischief(person);
  }
  checker_.people_acted();
}

bool People::works(const AccessKeyId& id) {
  const auto place = sandbox_.world.find_key(id);
  return place.key != nullptr && place.key->active;
}

void People::use(Person& person) {
  if (person.uses.empty()) return;
  if (!works(person.uses)) {
    const auto had = sandbox_.world.find_key(person.uses);
    const auto other = published(person);
    if (!other.empty()) {
      note(person, "finds the key dead and installs", other);
      person.uses = other;
    } else if (had.key != nullptr) {
      // Whoever first uses a key after it was retired as unused switches it on again: that is what recovery is for.
      if (had.key->last_use) checker_.locked_out(person);
      if (switch_key(hand(), person.uses, true)) note(person, "switches on", person.uses);
    } else {
      person.uses = {};
      return;
    }
  }
  auto* key = sandbox_.world.find_key(person.uses).key;
  if (key == nullptr) return;
  sandbox::record_use(*key, {clock_.now(), "s3", "eu-west-1"}, sandbox_.behaviour.last_used_lag);
  checker_.used(person.uses);
  note(person, "uses", person.uses);
}

AccessKeyId People::published(const Person& person) {
  for (const auto* secret : checker_.secrets_of(person.account, person.user)) {
    if (secret->deletion) continue;
    for (const auto& [version_id, version] : secret->versions) {
      if (!version.stages.contains("AWSCURRENT")) continue;
      for (const auto& key : sandbox_.world.find_user(person.account, person.user)->keys) {
        const bool true_value = version.value.find(key.id.str()) != std::string::npos &&
                                version.value.find(key.secret) != std::string::npos;
        if (key.active && true_value) return key.id;
      }
    }
  }
  return {};
}

void People::install(Person& person) {
  const auto fresh = published(person);
  if (fresh.empty() || fresh == person.uses) return;
  note(person, "installs", fresh);
  person.uses = fresh;
}

/// One strange thing with a key of one's own.
void People::mischief(Person& person) {
  auto* user = sandbox_.world.find_user(person.account, person.user);
  switch (random_.below(5)) {
    case 0: {
      if (user->keys.size() >= 2) return;
      const auto id = make_key(hand(), person.account, person.user);
      note(person, "creates", id);
      if (random_.chance(0.7)) person.uses = id;
      return;
    }
    case 1:
      for (const auto& key : user->keys) {
        if (key.id == person.uses) continue;
        if (switch_key(hand(), key.id, false)) note(person, "switches off", key.id);
        return;
      }
      return;
    case 2:
      for (const auto& key : user->keys) {
        if (key.active || !checker_.anybody_has(key.id)) continue;
        if (switch_key(hand(), key.id, true)) note(person, "switches on", key.id);
        return;
      }
      return;
    case 3:
      for (const auto& key : user->keys) {
        if (key.id == person.uses || key.active) continue;
        note(person, "deletes", key.id);
        delete_key(hand(), key.id);
        return;
      }
      return;
    default:  // back to an older key, say from a backup
      for (const auto& key : user->keys) {
        if (key.active && key.id != person.uses && checker_.anybody_has(key.id)) {
          person.uses = key.id;
          note(person, "goes back to", key.id);
          return;
        }
      }
  }
}

}  // namespace rekeyer::simulation
