// The report of a run whose accounts were worked on apart. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lambda/account_record.hpp"
#include "lambda/map_item.hpp"
#include "rotation/outcome.hpp"

namespace rekeyer::lambda {

/// What a run has left in its folder.
struct RunParts {
  std::string run;
  rotation::Mode mode = rotation::Mode::plan;
  std::vector<MapItem> accounts;
  std::vector<rotation::AccountTarget> skipped;
  std::vector<std::optional<AccountRecord>> planned;  ///< one for each account
  /// One for each account that the second pass was to enter; nothing where the changes were not dealt out.
  std::optional<std::map<AccountId, std::optional<AccountRecord>>> applied;
};

struct Summary {
  rotation::RunReport report;
  std::size_t mails_refused = 0;
};

/// Every account of the list is in the report (I8): one that left no outcome is `failed`. `now`: where nothing says
/// when the run ended.
Summary summarise(const RunParts& parts, Instant now);

}  // namespace rekeyer::lambda
