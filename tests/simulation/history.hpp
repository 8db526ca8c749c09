// What became of every key of the simulated world, from the world's own record: who made it, whether its secret was
// ever stored, since when it is inactive and by whom.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/names.hpp"
#include "base/time.hpp"
#include "sandbox/world/world.hpp"

namespace rekeyer::simulation {

struct KeyLife {
  AccountId account;
  UserName user;        ///< as it is called now
  std::string user_id;  ///< AIDA…
  std::string secret;
  bool ours = false;         ///< issued by rekeyer
  bool stored_once = false;  ///< its secret was in the user's secret at some time
  bool on_record = false;    ///< as current: its rotation was finished; before that, it may be taken back
  bool gone = false;
  bool deleted_by_us = false;
  /// Its owner made it while a run's intent stood, and as long as it is not used it may be the key that the run left.
  bool under_intent = false;
  bool under_first_lease = false;  ///< so soon that nobody can tell the two apart
  Instant gone_at{};
  bool active = true;
  bool touched_by_people = false;  ///< somebody else switched it on or off, or made it
  Instant created{};
  Instant inactive_since{};
  Instant switched_on{};            ///< the last time
  std::vector<Instant> retired_at;  ///< each time that it was switched off, in order
  Instant last_used{};

  /// Since when all that AWS keeps of the key says that it is inactive: it was switched off then, and no use after that
  /// shows at `now` that somebody switched it on and off again. Nothing where it was never off. A use shows `lag`
  /// later.
  std::optional<Instant> off_for_all_that_shows(Instant now, Milliseconds lag) const;
};

/// Are the two keys one user's? Names go from one user to another, ids do not.
bool same_owner(const KeyLife& a, const KeyLife& b);

class History {
 public:
  /// The keys that the world begins with.
  History(const sandbox::World& world, Instant start);

  KeyLife* find(const AccessKeyId& id);
  KeyLife& of(const sandbox::KeyEvent& event);
  void renamed(const AccountId& account, const UserName& from, const UserName& to);
  const std::map<AccessKeyId, KeyLife>& keys() const { return keys_; }

 private:
  const sandbox::World& world_;
  std::map<AccessKeyId, KeyLife> keys_;
};

/// Is it rekeyer that acts under this ARN?
bool is_rekeyer(std::string_view arn);

}  // namespace rekeyer::simulation
