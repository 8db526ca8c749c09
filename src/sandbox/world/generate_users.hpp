// The users of a generated account: who they are, how many keys they have, how old and how used those are.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "base/random.hpp"
#include "sandbox/world/world.hpp"

namespace rekeyer::sandbox {

/// Fills one account after the other from one random series.
class UserGenerator {
 public:
  UserGenerator(World& world, Random& random, Instant now) : world_(world), random_(random), now_(now) {}

  /// So many users more, in an account whose services belong to `team`.
  void fill(Account& account, std::string_view team, std::size_t users);

 private:
  enum class Habit { daily, weekly, monthly, seldom, never };

  void add_user(Account& account, std::string_view team);
  std::string full_name();
  User person();
  User service(std::string_view team);
  void describe(User& user, std::string_view team, bool person);
  void enrol(Account& account, const User& user, bool person);
  void add_keys(Account& account, User& user, bool person);
  AccessKey key(double age_days, Habit habit);
  Habit habit(bool person);
  double age(bool fresh);
  std::size_t key_count(bool person);

  template <std::size_t N>
  std::string_view any(const std::array<std::string_view, N>& list) {
    return list[random_.below(N)];
  }
  double between(double low, double high) { return low + (high - low) * random_.unit(); }
  bool one_in(std::uint64_t count) { return random_.below(count) == 0; }

  World& world_;
  Random& random_;
  Instant now_;
  std::size_t drawn_ = 0;  ///< the tenth and the twentieth user are exempt: no world of some size is without
};

}  // namespace rekeyer::sandbox
