// How owners and their programs behave in a rehearsal: how often a used key is used, when a new one is installed, and
// what happens to those who are cut off. Pure, and drawn from a seed.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/access_key.hpp"
#include "base/time.hpp"

namespace rekeyer::rehearsal {

/// What is assumed of owners; stands in the header of every report.
struct Behaviour {
  std::uint64_t seed = 1;
  /// How long owners take to install a new key: on average this, drawn between nothing and twice as long.
  Period install_after = std::chrono::days{3};
  /// Owners of ten thousand who never do.
  unsigned never_install = 500;
  /// Whoever loses a key in use installs the other one after this.
  Period repair_after = std::chrono::days{1};
};

/// When a program uses a key: at `anchor` and every `every` after it, inside [from, until). `every` zero: never.
struct Uses {
  Instant anchor{};
  Period every{};
  Instant from = Instant::min();
  Instant until = Instant::max();

  bool none() const { return every <= Period::zero(); }
  /// The latest use at or before `now`.
  std::optional<Instant> latest(Instant now) const;
  /// The next use after `now`.
  std::optional<Instant> next(Instant now) const;
};

enum class Rhythm { daily, weekly, monthly, abandoned, never };
std::string_view name(Rhythm rhythm);

/// From the last use's age: used within 2 days = daily, 10 days = weekly, 45 days = monthly, longer ago = abandoned. An
/// unknown last use is taken for a daily one, of which nobody sees anything.
Rhythm rhythm_of(const LastUse& last_use, Instant now);
Uses uses_of(const LastUse& last_use, Instant now);

/// The owner of one user's keys. The same seed and user give the same owner in every build and in any order.
class Owner {
 public:
  Owner(const Behaviour& behaviour, std::string_view account, std::string_view user);
  bool never_installs() const;
  /// How long this owner takes to install the user's `number`-th key.
  Period installs_after(unsigned number) const;

 private:
  const Behaviour& behaviour_;
  std::uint64_t seed_;
};

}  // namespace rekeyer::rehearsal
