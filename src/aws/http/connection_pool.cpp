// Turns are handed over in the order in which they were asked for; idle connections are used newest first.
#include "aws/http/connection_pool.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace rekeyer::aws {

namespace asio = boost::asio;

struct ConnectionPool::Host {
  struct Idle {
    std::unique_ptr<Connection> connection;
    Instant since;
  };
  std::size_t turns = 0;
  std::deque<Waiter*> waiting;
  std::vector<Idle> idle;  ///< oldest first
};

/// A request in the queue. However its coroutine ends, it leaves the queue, and a turn granted too late goes to the
/// next.
struct ConnectionPool::Waiter {
  Waiter(ConnectionPool& in_pool, Host& for_host, Deadline deadline)
      : pool(in_pool), host(for_host), timer(in_pool.executor_, deadline) {
    host.waiting.push_back(this);
  }
  ~Waiter() {
    std::erase(host.waiting, this);
    if (granted) pool.release(host);
  }
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;

  ConnectionPool& pool;
  Host& host;
  asio::steady_timer timer;
  bool granted = false;
};

ConnectionPool::Turn::~Turn() {
  if (pool_ != nullptr) pool_->release(*host_);
}

std::unique_ptr<Connection> ConnectionPool::Turn::take_idle() {
  pool_->drop_expired();
  auto& idle = host_->idle;
  while (!idle.empty()) {
    auto connection = std::move(idle.back().connection);
    idle.pop_back();
    if (!connection->stale()) return connection;
  }
  return nullptr;
}

void ConnectionPool::Turn::keep(std::unique_ptr<Connection> connection) {
  pool_->drop_expired();
  if (pool_->limits_.idle == 0) return;
  if (pool_->idle_count() >= pool_->limits_.idle) pool_->drop_longest_idle();
  auto& idle = host_->idle;
  if (idle.size() >= pool_->limits_.per_host) idle.erase(idle.begin());
  idle.push_back({std::move(connection), pool_->clock_.now()});
}

ConnectionPool::ConnectionPool(asio::any_io_executor executor, Clock& clock, PoolLimits limits)
    : executor_(std::move(executor)), clock_(clock), limits_(limits) {}

ConnectionPool::~ConnectionPool() = default;

ResultTask<ConnectionPool::Turn> ConnectionPool::turn(Route route, TimeLimit limit) {
  auto& entry = hosts_[route.key()];
  if (!entry) entry = std::make_unique<Host>();
  auto& host = *entry;
  if (host.turns < limits_.per_host) {
    ++host.turns;
    co_return Turn(*this, host);
  }
  Waiter waiter(*this, host, limit.deadline);
  boost::system::error_code woken;
  co_await waiter.timer.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  if (std::exchange(waiter.granted, false)) co_return Turn(*this, host);
  co_return fail(ErrorKind::not_sent, fmt::format("no connection to {} came free within {} (limit {})",
                                                  route.describe(), describe(limit), limits_.per_host));
}

std::size_t ConnectionPool::idle_count() const {
  std::size_t count = 0;
  for (const auto& [key, host] : hosts_) count += host->idle.size();
  return count;
}

void ConnectionPool::release(Host& host) {
  if (host.waiting.empty()) {
    --host.turns;
    return;
  }
  // The turn passes on without being counted anew.
  auto* const next = host.waiting.front();
  host.waiting.pop_front();
  next->granted = true;
  next->timer.cancel();
}

void ConnectionPool::drop_expired() {
  const auto oldest = clock_.now() - limits_.idle_time;
  for (const auto& [key, host] : hosts_) {
    std::erase_if(host->idle, [&](const Host::Idle& idle) { return idle.since <= oldest; });
  }
}

void ConnectionPool::drop_longest_idle() {
  Host* longest = nullptr;
  for (const auto& [key, host] : hosts_) {
    if (host->idle.empty()) continue;
    if (longest == nullptr || host->idle.front().since < longest->idle.front().since) longest = host.get();
  }
  if (longest != nullptr) longest->idle.erase(longest->idle.begin());
}

}  // namespace rekeyer::aws
