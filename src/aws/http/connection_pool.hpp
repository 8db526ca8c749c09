// Idle connections kept for the next request, and a bound on how many are open to one host at once.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "aws/http/connection.hpp"
#include "base/clock.hpp"

namespace rekeyer::aws {

struct PoolLimits {
  std::size_t per_host = 64;  ///< exchanges at a time with one host; further ones wait for their turn
  std::size_t idle = 128;     ///< idle connections in all; the longest idle one makes room
  /// Shorter than load balancers' usual 60 s and servers' usual 24 s, so that we close first.
  Milliseconds idle_time{20'000};
};

class ConnectionPool {
  struct Host;

 public:
  ConnectionPool(boost::asio::any_io_executor executor, Clock& clock, PoolLimits limits);
  ~ConnectionPool();
  ConnectionPool(const ConnectionPool&) = delete;
  ConnectionPool& operator=(const ConnectionPool&) = delete;

  /// The right to one exchange with a host; given back at its end.
  class Turn {
   public:
    Turn(ConnectionPool& pool, Host& host) : pool_(&pool), host_(&host) {}
    Turn(Turn&& other) noexcept : pool_(std::exchange(other.pool_, nullptr)), host_(other.host_) {}
    Turn& operator=(Turn&&) = delete;
    ~Turn();
    /// A connection that was kept, is not too old and not stale; nullptr where there is none.
    std::unique_ptr<Connection> take_idle();
    /// Keeps a connection for later; only one that is reusable().
    void keep(std::unique_ptr<Connection> connection);

   private:
    ConnectionPool* pool_;
    Host* host_;
  };

  /// Waits for a turn with the host. Fails with `not_sent` at the deadline.
  ResultTask<Turn> turn(Route route, TimeLimit limit);
  std::size_t idle_count() const;

 private:
  struct Waiter;
  void release(Host& host);
  void drop_expired();
  void drop_longest_idle();

  boost::asio::any_io_executor executor_;
  Clock& clock_;
  PoolLimits limits_;
  std::map<std::string, std::unique_ptr<Host>> hosts_;
};

}  // namespace rekeyer::aws
