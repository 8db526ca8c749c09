#include "base/concurrency.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <utility>

namespace rekeyer {

struct Gate::State {
  bool open = false;
  std::vector<std::function<void()>> waiting;
};

Gate::Gate() : state_(std::make_unique<State>()) {}
Gate::~Gate() = default;
bool Gate::is_open() const { return state_->open; }
void Gate::reset() { state_->open = false; }

Task<void> Gate::wait() {
  if (state_->open) co_return;
  const auto executor = co_await boost::asio::this_coro::executor;
  co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void()>(
      [this, executor](auto handler) {
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        state_->waiting.push_back(
            [executor, shared] { boost::asio::post(executor, [shared] { std::move (*shared)(); }); });
      },
      boost::asio::use_awaitable);
}

void Gate::open() {
  state_->open = true;
  for (auto& wake : std::exchange(state_->waiting, {})) wake();
}

Task<void> run_workers(std::size_t count, std::function<Task<void>(std::size_t)> worker) {
  if (count == 0) co_return;
  const auto executor = co_await boost::asio::this_coro::executor;
  // The gate belongs to the workers, not to this frame that waits at it: where they are destroyed before they end, so
  // is it.
  auto owned = std::make_shared<Gate>();
  std::size_t running = count;
  std::exception_ptr failure;
  for (std::size_t i = 0; i < count; ++i) {
    boost::asio::co_spawn(executor, worker(i), [&running, &failure, owned](std::exception_ptr bug) {
      if (bug && !failure) failure = bug;
      if (--running == 0) owned->open();
    });
  }
  Gate& done = *owned;
  owned.reset();
  if (running > 0) co_await done.wait();
  if (failure) std::rethrow_exception(failure);
}

namespace {

Task<void> take_items(std::size_t& next, std::size_t count, const std::function<Task<void>(std::size_t)>& function) {
  while (next < count) co_await function(next++);
}

}  // namespace

Task<void> for_each_index(std::size_t count, std::size_t limit, std::function<Task<void>(std::size_t)> function) {
  std::size_t next = 0;
  co_await run_workers(std::min(std::max<std::size_t>(limit, 1), count),
                       [&](std::size_t) { return take_items(next, count, function); });
}

}  // namespace rekeyer
