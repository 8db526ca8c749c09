// Names to addresses, within a deadline. Requests that want the same name at the same time share one lookup.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/task.hpp"

namespace rekeyer::aws {

/// Deadlines of the network are the machine's, not AWS's: a shifted or virtual clock must not stretch them.
using Deadline = std::chrono::steady_clock::time_point;

class NameResolver {
 public:
  using Endpoints = std::vector<boost::asio::ip::tcp::endpoint>;

  explicit NameResolver(boost::asio::any_io_executor executor);
  /// All addresses in the system's order of preference. Fails with `not_sent` where there is none, and at the deadline;
  /// a lookup that is abandoned then ends by itself in the system resolver's own time.
  ResultTask<Endpoints> resolve(std::string host, std::uint16_t port, Deadline deadline);
  /// How many lookups have no answer yet.
  std::size_t under_way() const;

 private:
  struct Lookup;
  struct State;
  std::shared_ptr<Lookup> start(const std::string& host, std::uint16_t port);

  boost::asio::any_io_executor executor_;
  std::shared_ptr<State> state_;
};

}  // namespace rekeyer::aws
