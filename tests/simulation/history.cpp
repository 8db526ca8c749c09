#include "simulation/history.hpp"

#include <algorithm>

namespace rekeyer::simulation {

bool is_rekeyer(std::string_view arn) {
  return arn.find(":assumed-role/rekeyer-member/rekeyer-") != std::string_view::npos ||
         arn.ends_with(":user/rekeyer-runner");
}

std::optional<Instant> KeyLife::off_for_all_that_shows(Instant now, Milliseconds lag) const {
  constexpr std::chrono::minutes spreading{1};  // a use while its deactivation still spread says nothing
  const bool shown = last_used + lag <= now;
  const auto found =
      std::ranges::find_if(retired_at, [&](Instant off) { return !shown || last_used <= off + spreading; });
  return found == retired_at.end() ? std::nullopt : std::optional(*found);
}

bool same_owner(const KeyLife& a, const KeyLife& b) { return a.account == b.account && a.user_id == b.user_id; }

History::History(const sandbox::World& world, Instant start) : world_(world) {
  for (const auto& [id, account] : world.accounts) {
    for (const auto& [folded, user] : account.iam.users) {
      for (const auto& key : user.keys) {
        KeyLife life;
        life.account = id;
        life.user = user.name;
        life.user_id = user.id;
        life.secret = key.secret;
        life.active = key.active;
        life.created = key.created;
        life.inactive_since = start;
        if (!key.active) life.retired_at.push_back(start);
        keys_[key.id] = std::move(life);
      }
    }
  }
}

KeyLife* History::find(const AccessKeyId& id) {
  const auto found = keys_.find(id);
  return found == keys_.end() ? nullptr : &found->second;
}

void History::renamed(const AccountId& account, const UserName& from, const UserName& to) {
  const auto* user = world_.find_user(account, to);
  for (auto& [id, life] : keys_) {
    if (life.account == account && life.user == from && life.user_id == user->id) life.user = to;
  }
}

KeyLife& History::of(const sandbox::KeyEvent& event) {
  auto& life = keys_[event.key];
  if (event.what == "created") {
    life.account = event.account;
    life.user = event.user;
    if (const auto* owner = world_.find_user(event.account, event.user)) life.user_id = owner->id;
    life.secret = event.secret;
    life.created = event.at;
    life.ours = is_rekeyer(event.by);
    life.touched_by_people = !life.ours;
  }
  return life;
}

}  // namespace rekeyer::simulation
