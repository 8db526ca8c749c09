// The flags of `rekeyer rehearse`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "rehearsal/output.hpp"

namespace CLI {  // NOLINT(readability-identifier-naming): the library's own name
class App;
}

namespace rekeyer::cli {

struct Options;

struct RehearseOptions {
  std::size_t days = 365;
  std::string world_file;          ///< empty: a world is generated, or the organisation asked
  bool from_organization = false;  ///< the real one, as configured; narrowed by the filter
  std::size_t accounts = 12;       ///< of a generated world
  std::size_t users = 300;
  std::string start;  ///< empty: now
  rehearsal::Behaviour behaviour;
  std::optional<rehearsal::Every> every;  ///< nothing: what fits the number of days
};

/// The texts of flags that are checked after parsing.
struct RawRehearsal {
  std::vector<std::string> from_accounts;
  std::string install_after = "3d";
  std::string never_install = "5%";
  std::string every;
};

/// Adds `rehearse`; parsing fills command and rehearse of `options`, and `raw`, which must both outlive it. The
/// returned command takes the filter and the format.
CLI::App& add_rehearse_command(CLI::App& app, Options& options, RawRehearsal& raw);

/// Checks `raw` into `options`. Fails with `usage`.
Result<> check_rehearsal(const RawRehearsal& raw, Options& options);

}  // namespace rekeyer::cli
