// The events that functions are invoked with, decoded and checked: docs/design/0009-on-aws.md has their forms. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "lambda/work.hpp"
#include "rotation/target.hpp"

namespace rekeyer::lambda {

/// For inventory, allot and summarise.
struct RunEvent {
  std::string run;  ///< 1 to 80 letters, digits, `-` and `_`; empty: not said
  std::optional<Work> mode;
};

/// For account, and for sweep where one account is asked for.
struct AccountEvent {
  std::string run;  ///< empty: this account alone, without a run's folder
  std::optional<Work> mode;
  std::optional<Work> run_mode;  ///< of the whole run, where this is one of its passes
  rotation::AccountTarget target;
  std::optional<std::size_t> changes;  ///< users that may be changed; nothing: the configuration's limit
  std::vector<UserName> force;         ///< rotate these now, whatever their keys' age
};

/// Each fails with `usage`: what is wrong with the event, and at which member. An empty event, and EventBridge's own
/// ("Scheduled Event"), say nothing and are fine where nothing must be said.
Result<RunEvent> read_run_event(std::string_view event);
/// The new form, or the older one: {"account", "name", "email", "ForceRotate", "dryrun"}.
Result<AccountEvent> read_account_event(std::string_view event);
/// Whether an event is about one account.
bool names_an_account(std::string_view event);

}  // namespace rekeyer::lambda
