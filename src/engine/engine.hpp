// What talks to AWS, made once for the process: clocks, transport, caller, credentials. The command line and the Lambda
// functions stand on it.
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>

#include "aws/auth/chain.hpp"
#include "aws/auth/profile_settings.hpp"
#include "aws/call/caller.hpp"
#include "aws/call/rate_limiter.hpp"
#include "aws/http/beast_transport.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "engine/context.hpp"

namespace rekeyer::engine {

class Engine {
 public:
  Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  /// Finds endpoint, region and credentials the way the AWS CLI does; sends nothing. Fails with `usage`. Called once,
  /// before anything below it.
  Result<> connect(const aws::GlobalFlags& flags, const aws::Environment& environment);
  /// Replaces the configuration; nothing may be under way.
  void configure(config::Configuration configuration);

  boost::asio::io_context& io() { return context_; }
  ShiftedClock& clock() { return clock_; }  ///< AWS's time
  const Clock& machine_clock() const { return real_clock_; }
  Random& random() { return random_; }
  aws::Caller& caller() { return *caller_; }
  aws::Transport& transport() { return *transport_; }
  config::Configuration& configuration() { return configuration_; }
  const config::Configuration& configuration() const { return configuration_; }
  /// The caller's credentials and region; where no region is set, that of the store.
  const aws::Principal& principal() const { return principal_; }
  aws::Principal& principal() { return principal_; }
  /// What channels are made of; lives as long as the engine.
  notify::ChannelParts channel_parts();
  /// For one run; `stop` outlives it.
  Context context(const RunId& run, const rotation::StopFlag& stop);

 private:
  /// Each of the two regions where only the other was said.
  void settle_regions();

  boost::asio::io_context context_{1};
  RealClock real_clock_;
  ShiftedClock clock_{real_clock_};
  Random random_;
  aws::RateLimiter limiter_{clock_};
  config::Configuration configuration_;
  aws::TlsSettings tls_;
  std::unique_ptr<aws::BeastTransport> transport_;
  std::unique_ptr<aws::Caller> caller_;
  aws::Principal principal_;
  Region callers_region_;  ///< empty: nobody said one
};

}  // namespace rekeyer::engine
