#include "cli/options_doctor.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "base/try.hpp"
#include "cli/options.hpp"

namespace rekeyer::cli {

CLI::App& add_doctor_command(CLI::App& app, Options& options, RawDoctor& raw) {
  auto* doctor = app.add_subcommand("doctor",
                                    "Look at a deployment from outside: what works, what does not, and what "
                                    "to do about it; changes nothing");
  auto& deployment = options.doctor.deployment;
  doctor->add_option("--mode", raw.mode, "What runs are to do: apply | plan (default: apply)")
      ->check(CLI::IsMember({"apply", "plan"}));
  doctor->add_option("--schedule", deployment.schedule, "Schedule of the daily run: NAME or GROUP/NAME");
  doctor->add_option("--state-machine", deployment.state_machine, "ARN of the state machine");
  doctor->add_option("--runs", deployment.runs, "Folder of the runs: s3://bucket/prefix (default: $REKEYER_RUNS)")
      ->envname("REKEYER_RUNS");
  doctor->callback([&options] { options.command = Command::doctor; });
  return *doctor;
}

Result<> check_doctor(const RawDoctor& raw, Options& options) {
  if (options.command != Command::doctor) return {};
  options.doctor.mode = raw.mode == "plan" ? rotation::Mode::plan : rotation::Mode::apply;
  const auto& deployment = options.doctor.deployment;
  if (!deployment.runs.empty()) TRY_VOID(doctor::parse_runs(deployment.runs));
  if (!deployment.state_machine.empty() && !deployment.state_machine.starts_with("arn:")) {
    return fail(ErrorKind::usage, fmt::format("--state-machine takes an ARN, not `{}`", deployment.state_machine));
  }
  return {};
}

}  // namespace rekeyer::cli
