// What became of every key of the simulated world, from the world's own record: who made it, whether its secret was
// ever stored, since when it is inactive and by whom.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/names.hpp"
#include "base/time.hpp"
#include "sandbox/world/world.hpp"

namespace rekeyer::simulation {

struct KeyLife {
  AccountId account;
  UserName user;
  std::string secret;
  bool ours = false;         ///< issued by rekeyer
  bool stored_once = false;  ///< its secret was in the user's secret at some time
  bool gone = false;
  bool active = true;
  bool touched_by_people = false;  ///< somebody else switched it on or off, or made it
  Instant created{};
  Instant inactive_since{};
  Instant first_retired{};  ///< when it was first inactive; the epoch: never
  Instant last_used{};
};

class History {
 public:
  /// The keys that the world begins with.
  History(const sandbox::World& world, Instant start);

  KeyLife* find(const AccessKeyId& id);
  KeyLife& of(const sandbox::KeyEvent& event);
  const std::map<AccessKeyId, KeyLife>& keys() const { return keys_; }

 private:
  std::map<AccessKeyId, KeyLife> keys_;
};

/// Is it rekeyer that acts under this ARN?
bool is_rekeyer(std::string_view arn);

}  // namespace rekeyer::simulation
