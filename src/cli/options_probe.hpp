// The flags of `rekeyer probe`.
#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"

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
  Period patience = std::chrono::minutes{10};
  std::string journal;  ///< empty: one of its own in the user's folder
};

/// What CLI11 fills.
struct RawProbe {
  std::string patience = "10m";
};

/// The caller adds the flag that it shares with others: --format.
CLI::App& add_probe_command(CLI::App& app, Options& options, RawProbe& raw);
/// Fails with `usage`.
Result<> check_probe(const RawProbe& raw, Options& options);

}  // namespace rekeyer::cli
