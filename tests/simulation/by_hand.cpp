#include "simulation/by_hand.hpp"

#include <string>
#include <vector>

namespace rekeyer::simulation {
namespace {

void note(const Hand& hand, const AccountId& account, const UserName& user, const sandbox::AccessKey& key,
          std::string what) {
  hand.world.key_events.push_back({hand.now, account, user, key.id, std::move(what), std::string(hand.by), key.secret});
}

}  // namespace

AccessKeyId make_key(const Hand& hand, const AccountId& account, const UserName& user) {
  sandbox::AccessKey key;
  key.id = hand.world.ids.access_key();
  key.secret = hand.world.ids.secret_key();
  key.created = std::chrono::floor<std::chrono::seconds>(hand.now);
  key.issued_by = hand.by;
  note(hand, account, user, key, "created");
  return hand.world.add_key(account, user, std::move(key)).id;
}

bool switch_key(const Hand& hand, const AccessKeyId& id, bool active) {
  const auto place = hand.world.find_key(id);
  if (place.key == nullptr || place.key->active == active) return false;
  place.key->active = active;
  place.key->status_changed = hand.now;
  place.key->status_spreads_until = {};
  note(hand, place.account->id, place.user->name, *place.key, active ? "activated" : "deactivated");
  return true;
}

void delete_key(const Hand& hand, const AccessKeyId& id) {
  const auto place = hand.world.find_key(id);
  if (place.key == nullptr) return;
  note(hand, place.account->id, place.user->name, *place.key, "deleted");
  hand.world.remove_key(place.account->id, place.user->name, id);
}

void remove_user(const Hand& hand, const AccountId& account, const UserName& user) {
  const auto* gone = hand.world.find_user(account, user);
  if (gone == nullptr) return;
  for (const auto& key : gone->keys) note(hand, account, user, key, "deleted");
  hand.world.remove_user(account, user);
}

}  // namespace rekeyer::simulation
