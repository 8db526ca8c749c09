#include "simulation/process.hpp"

#include <boost/asio/use_awaitable.hpp>

namespace rekeyer::simulation {

Task<void> DeadProcesses::rest() {
  co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void()>(
      [this](auto handler) { processes_.push_back(std::make_shared<decltype(handler)>(std::move(handler))); },
      boost::asio::use_awaitable);
}

void DeadProcesses::close(boost::asio::io_context& context) {
  do {
    processes_.clear();  // each posts its own unwinding to the context
    context.restart();
    context.poll();
  } while (!processes_.empty());
}

ResultTask<aws::HttpResponse> MortalTransport::send(aws::HttpRequest request) {
  if (process_.dead) co_await process_.dead_processes.rest();
  const bool last = ++process_.calls == process_.dies_at_call;
  if (last && process_.dies_before) {
    process_.dead = true;
    co_await process_.dead_processes.rest();
  }
  auto reply = co_await network_.send(std::move(request));
  if (last) process_.dead = true;
  if (process_.dead) co_await process_.dead_processes.rest();
  co_return reply;
}

Task<void> MortalClock::sleep_until(Instant instant) {
  co_await world_.sleep_until(instant - skew_);
  if (process_.dead) co_await process_.dead_processes.rest();
}

}  // namespace rekeyer::simulation
