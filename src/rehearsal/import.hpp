// The real organisation as a rehearsal's beginning: a survey that only reads (I6: it is given a ReadGateway).
#pragma once

#include <functional>

#include "base/task.hpp"
#include "rehearsal/model.hpp"
#include "rotation/access.hpp"
#include "rotation/inventory.hpp"
#include "rotation/run.hpp"

namespace rekeyer::rehearsal {

/// What an import is made with; all of it outlives the import.
struct ImportFrom {
  rotation::AccountSource& accounts;
  rotation::ReadGateway& gateway;
  const rotation::Settings& settings;
  const notify::Settings& notify;
  const rotation::StopFlag& stop;
};

/// Surveys every account, `limits.concurrency` at a time, as they stand at `now`. Accounts that can't be entered or
/// read are left out with the reason; a listing that fails leaves the model `incomplete`. `on_account` is told how many
/// accounts and users there are so far. Fails with `cancelled` where a stop was requested.
ResultTask<Model> import_accounts(ImportFrom from, const Behaviour& behaviour, Instant now,
                                  std::function<void(std::size_t accounts, std::size_t users)> on_account);

}  // namespace rekeyer::rehearsal
