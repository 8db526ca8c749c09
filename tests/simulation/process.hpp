// What it takes for a simulated process to die at any await point: its network and its clock stop answering, and
// whatever waits for them waits for ever.
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <vector>

#include "aws/http/transport.hpp"
#include "base/clock.hpp"

namespace rekeyer::simulation {

/// Where the coroutines of dead processes lie until the simulation ends.
class DeadProcesses {
 public:
  Task<void> rest();
  /// Destroys them, and those that only now take the step at which they die, before what their frames point to: the
  /// processes that they belong to and the context that they run on must still exist.
  void close(boost::asio::io_context& context);

 private:
  std::vector<std::shared_ptr<void>> processes_;
};

/// One process: alive until its so-manieth call, or for ever.
struct Process {
  DeadProcesses& dead_processes;
  std::uint64_t dies_at_call = 0;  ///< 0: never
  bool dies_before = false;        ///< the call does not arrive any more; else it is performed and the reply not seen
  std::uint64_t calls = 0;
  bool dead = false;
};

/// The process's way to AWS.
class MortalTransport final : public aws::Transport {
 public:
  MortalTransport(Process& process, aws::Transport& network) : process_(process), network_(network) {}
  ResultTask<aws::HttpResponse> send(aws::HttpRequest request) override;

 private:
  Process& process_;
  aws::Transport& network_;
};

/// The process's own clock, fast or slow by `skew`: the machine's, not AWS's.
class MortalClock final : public Clock {
 public:
  MortalClock(Process& process, Clock& world, Milliseconds skew) : process_(process), world_(world), skew_(skew) {}
  Instant now() const override { return world_.now() + skew_; }
  Task<void> sleep_until(Instant instant) override;

 private:
  Process& process_;
  Clock& world_;
  Milliseconds skew_;
};

}  // namespace rekeyer::simulation
