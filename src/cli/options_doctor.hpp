// The flags of `rekeyer doctor`.
#pragma once

#include <string>

#include "base/error.hpp"
#include "doctor/deployment.hpp"
#include "rotation/outcome.hpp"

namespace CLI {  // NOLINT(readability-identifier-naming): the library's own name
class App;
}

namespace rekeyer::cli {

struct Options;

struct DoctorOptions {
  rotation::Mode mode = rotation::Mode::apply;  ///< what runs are to do
  doctor::Deployment deployment;
};

/// What CLI11 fills.
struct RawDoctor {
  std::string mode = "apply";
};

/// The caller adds the flags that it shares with others: --account, --ou, --format.
CLI::App& add_doctor_command(CLI::App& app, Options& options, RawDoctor& raw);
/// Fails with `usage`. Where --runs is not given, REKEYER_RUNS counts.
Result<> check_doctor(const RawDoctor& raw, Options& options);

}  // namespace rekeyer::cli
