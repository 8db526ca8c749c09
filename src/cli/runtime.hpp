// The composition root: everything that a command needs, made once and tied together.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>

#include "aws/auth/chain.hpp"
#include "aws/auth/profile_settings.hpp"
#include "aws/call/caller.hpp"
#include "aws/http/beast_transport.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "cli/options.hpp"
#include "cli/terminal.hpp"
#include "config/config.hpp"
#include "notify/channels/channels.hpp"
#include "rotation/aws_gateway.hpp"
#include "rotation/run.hpp"

namespace rekeyer::cli {

class Runtime {
 public:
  /// Reads configuration and AWS settings; sends nothing. Fails with `usage`.
  static Result<std::unique_ptr<Runtime>> create(const Options& options);

  /// Runs the task to its end. The first SIGINT or SIGTERM asks `stop`; a second one ends the process with 130 at once.
  int run(Task<int> task);

  const Options& options() const { return options_; }
  const Terminal& terminal() const { return terminal_; }
  rotation::Settings& settings() { return configuration_.rotation; }
  /// Who is told what, and how.
  const notify::Settings& notices() const { return configuration_.notify; }
  const config::Configuration& configuration() const { return configuration_; }
  aws::Caller& caller() { return *caller_; }
  Clock& clock() { return clock_; }
  rotation::StopFlag& stop() { return stop_; }
  const RunId& run_id() const { return run_id_; }
  /// What channels are made of; lives as long as the runtime.
  notify::ChannelParts channel_parts();
  /// The caller's credentials and region.
  const aws::Principal& principal() const { return principal_; }
  aws::Principal& principal() { return principal_; }

 private:
  explicit Runtime(const Options& options);
  Result<> build();

  Options options_;
  Terminal terminal_;
  boost::asio::io_context context_{1};
  RealClock real_clock_;
  ShiftedClock clock_{real_clock_};
  Random random_;
  aws::Pace pace_{clock_};
  RunId run_id_;
  config::Configuration configuration_;
  rotation::StopFlag stop_;
  aws::TlsSettings tls_;
  std::unique_ptr<aws::BeastTransport> transport_;
  std::unique_ptr<aws::Caller> caller_;
  aws::Principal principal_;
};

}  // namespace rekeyer::cli
