// The flags of `rekeyer sandbox`.
#pragma once

#include "cli/options.hpp"

namespace CLI {
class App;
}

namespace rekeyer::cli {

/// Adds `sandbox serve` and `sandbox generate`; parsing fills command and sandbox of `options`, which must outlive it.
void add_sandbox_commands(CLI::App& app, Options& options);

}  // namespace rekeyer::cli
