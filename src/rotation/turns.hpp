// The order in which the users of one account ask for changes: oldest first, however fast each of them is looked at.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "base/task.hpp"
#include "rotation/run.hpp"

namespace rekeyer::rotation {

class Turns;

/// One user's place in the order. Copies are the same place.
class Turn {
 public:
  Turn(std::shared_ptr<Turns> turns, std::size_t place) : turns_(std::move(turns)), place_(place) {}

  /// Waits until nobody before may still ask, asks the budget, and passes. As ChangeBudget::take.
  Task<std::optional<std::string>> take(ChangeBudget& budget, AccountId account);
  /// Lets those behind go on: this user wants no (more) changes. May be called again.
  void pass();

 private:
  std::shared_ptr<Turns> turns_;
  std::size_t place_;
};

/// Places 0 to `places` - 1; each must pass, or those behind wait for ever.
std::shared_ptr<Turns> make_turns(std::size_t places);

}  // namespace rekeyer::rotation
