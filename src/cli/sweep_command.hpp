// One sweep as a command runs it: narrowed by its flags, with a progress line.
#pragma once

#include <optional>
#include <string_view>

#include "cli/runtime.hpp"
#include "rotation/outcome.hpp"
#include "rotation/run.hpp"

namespace rekeyer::cli {

/// Plans or applies for the runtime's filter. Fails where not even a beginning was possible: no credentials, no
/// identity.
ResultTask<rotation::RunReport> sweep_accounts(Runtime& runtime, rotation::Mode mode, rotation::RunOptions options);

/// Fails with `usage` where changes are wanted, --yes is not given, and there is no terminal to ask on. `what`: "this
/// changes keys".
Result<> check_can_ask(Runtime& runtime, std::string_view what);

/// Shows on stderr what applying with these options would do, and asks. Nothing: agreed; otherwise the exit code.
Task<std::optional<int>> show_and_ask(Runtime& runtime, rotation::RunOptions options);

}  // namespace rekeyer::cli
