// One sweep as a command runs it: narrowed by its flags, with a progress line.
#pragma once

#include "cli/runtime.hpp"
#include "rotation/outcome.hpp"
#include "rotation/run.hpp"

namespace rekeyer::cli {

/// Plans or applies for the runtime's filter. Fails where not even a beginning was possible: no credentials, no
/// identity.
ResultTask<rotation::RunReport> sweep_accounts(Runtime& runtime, rotation::Mode mode, rotation::RunOptions options);

}  // namespace rekeyer::cli
