#include "simulation/process.hpp"

#include <boost/asio/use_awaitable.hpp>

namespace rekeyer::simulation {

Task<void> Graveyard::rest() {
  co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void()>(
      [this](auto handler) { graves_.push_back(std::make_shared<decltype(handler)>(std::move(handler))); },
      boost::asio::use_awaitable);
}

void Graveyard::close(boost::asio::io_context& context) {
  do {
    graves_.clear();  // each posts its own unwinding to the context
    context.restart();
    context.poll();
  } while (!graves_.empty());
}

ResultTask<aws::HttpResponse> MortalTransport::send(aws::HttpRequest request) {
  if (process_.dead) co_await process_.graveyard.rest();
  const bool last = ++process_.calls == process_.dies_at_call;
  if (last && process_.dies_before) {
    process_.dead = true;
    co_await process_.graveyard.rest();
  }
  auto reply = co_await network_.send(std::move(request));
  if (last) process_.dead = true;
  if (process_.dead) co_await process_.graveyard.rest();
  co_return reply;
}

Task<void> MortalClock::sleep_until(Instant instant) {
  co_await world_.sleep_until(instant - skew_);
  if (process_.dead) co_await process_.graveyard.rest();
}

}  // namespace rekeyer::simulation
