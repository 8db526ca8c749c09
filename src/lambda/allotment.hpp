// The limit of a whole run, dealt out to its accounts before any of them is changed, as rotation/change_queue.hpp says.
// Pure.
#pragma once

#include <vector>

#include "lambda/account_record.hpp"
#include "lambda/map_item.hpp"
#include "rotation/settings.hpp"

namespace rekeyer::lambda {

struct Allotment {
  std::vector<MapItem> accounts;  ///< those to enter, in the order of `surveyed`
  std::size_t due = 0;            ///< users with something to change
  std::size_t allotted = 0;       ///< of them, how many may be changed in this run
};

/// What one account's survey found.
struct Surveyed {
  rotation::AccountTarget target;
  AccountRecord record;
};

/// An account is entered where somebody is to be changed now, told or recorded; with `changes` = 0 where its due users
/// have to wait for another run. Where there is nobody but those, and where it could not be surveyed, it is left alone.
Allotment allot(const std::vector<Surveyed>& surveyed, const rotation::LimitSettings& limits, Instant today);

}  // namespace rekeyer::lambda
