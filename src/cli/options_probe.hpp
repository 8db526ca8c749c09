// The flags of `rekeyer probe`.
#pragma once

#include <string>
#include <vector>

namespace CLI {  // NOLINT(readability-identifier-naming): the library's own name
class App;
}

namespace rekeyer::cli {

struct Options;

struct ProbeOptions {
  std::vector<std::string> only;  ///< patterns; empty: all checks
  bool quick = false;
  bool clean = false;
  bool list = false;
  std::string journal;  ///< empty: one of its own in the user's folder
};

/// The caller adds the flag that it shares with others: --format.
CLI::App& add_probe_command(CLI::App& app, Options& options);

}  // namespace rekeyer::cli
