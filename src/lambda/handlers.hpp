// What the functions do: docs/design/0009-on-aws.md. Each takes an event and gives its answer, both JSON. Invoking one
// twice, or two of one event at once, does the work once.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/task.hpp"
#include "lambda/job.hpp"

namespace rekeyer::lambda {

using Handler = ResultTask<std::string> (*)(Job job, std::string event);

/// Lists the accounts in scope into the run's folder; or, without one, invokes the account function for each.
ResultTask<std::string> handle_inventory(Job job, std::string event);
/// One account's sweep; its owners are told.
ResultTask<std::string> handle_account(Job job, std::string event);
/// Deals the run's changes out to its accounts.
ResultTask<std::string> handle_allot(Job job, std::string event);
/// Puts the accounts' outcomes together: report, digest, metrics.
ResultTask<std::string> handle_summarise(Job job, std::string event);
/// The whole scope in one invocation.
ResultTask<std::string> handle_sweep(Job job, std::string event);

/// By the name that the function's configuration has as its handler; nothing for an unknown one.
std::optional<Handler> find_handler(std::string_view name);
std::vector<std::string_view> handler_names();

}  // namespace rekeyer::lambda
