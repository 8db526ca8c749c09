// The composition root: everything that a command needs, made once and tied together.
#pragma once

#include <memory>
#include <string_view>

#include "cli/options.hpp"
#include "cli/terminal.hpp"
#include "engine/engine.hpp"

namespace rekeyer::cli {

class Runtime {
 public:
  /// Reads configuration and AWS settings; sends nothing. Fails with `usage`.
  static Result<std::unique_ptr<Runtime>> create(const Options& options);

  /// Runs the task to its end. The first of stop_signals() asks `stop`; a second one, unless it is a SIGHUP, ends the
  /// process with 130 at once.
  /// `stopping`: what the first one is answered with.
  int run(Task<int> task, std::string_view stopping = "Stopping: the keys in hand are finished, nothing new is begun.");

  const Options& options() const { return options_; }
  const Terminal& terminal() const { return terminal_; }
  rotation::Settings& settings() { return engine_.configuration().rotation; }
  /// Who is told what, and how.
  const notify::Settings& notices() const { return engine_.configuration().notify; }
  const config::Configuration& configuration() const { return engine_.configuration(); }
  aws::Caller& caller() { return engine_.caller(); }
  Clock& clock() { return engine_.clock(); }
  rotation::StopFlag& stop() { return stop_; }
  const RunId& run_id() const { return run_id_; }
  /// For this command's one run; lives as long as the runtime.
  engine::Context context() { return engine_.context(run_id_, stop_); }
  /// The caller's credentials and region.
  const aws::Principal& principal() const { return engine_.principal(); }
  aws::Principal& principal() { return engine_.principal(); }

 private:
  explicit Runtime(const Options& options);
  Result<> build();

  Options options_;
  Terminal terminal_;
  engine::Engine engine_;
  RunId run_id_;
  rotation::StopFlag stop_;
};

}  // namespace rekeyer::cli
