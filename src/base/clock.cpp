#include "base/clock.hpp"

#include <time.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace rekeyer {
namespace {

Milliseconds since_boot() {
  timespec reading{};
  clock_gettime(CLOCK_BOOTTIME, &reading);
  return std::chrono::duration_cast<Milliseconds>(std::chrono::seconds{reading.tv_sec} +
                                                  std::chrono::nanoseconds{reading.tv_nsec});
}

}  // namespace

RealClock::RealClock()
    : date_at_start_(std::chrono::floor<Milliseconds>(std::chrono::system_clock::now())),
      boot_at_start_(since_boot()) {}

Instant RealClock::now() const { return date_at_start_ + (since_boot() - boot_at_start_); }

Task<void> RealClock::sleep_until(Instant instant) {
  // In slices: a steady timer stands still while the machine is suspended, now() does not.
  constexpr Milliseconds slice = std::chrono::minutes{1};
  for (auto left = instant - now(); left > Milliseconds::zero(); left = instant - now()) {
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, std::min(left, slice));
    co_await timer.async_wait(boost::asio::use_awaitable);
  }
}

Task<void> ShiftedClock::sleep_until(Instant instant) {
  // Again where the offset changed during the sleep: the instant is meant by the shifted clock.
  while (now() < instant) co_await source_.sleep_until(instant - offset_);
}

Task<void> VirtualClock::sleep_until(Instant instant) {
  if (instant <= now_) co_return;
  co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void()>(
      [this, instant](auto handler) {
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        waiting_.emplace(std::pair{instant, sequence_++},
                         [this, shared] { boost::asio::post(context_, [shared] { std::move (*shared)(); }); });
      },
      boost::asio::use_awaitable);
}

bool VirtualClock::run(const std::function<bool()>& live) {
  for (;;) {
    context_.restart();
    context_.poll();  // not run(): that would wait for the tasks that wait for this clock
    if (waiting_.empty()) return !live();
    const auto first = waiting_.begin();
    now_ = std::max(now_, first->first.first);
    const auto wake = std::move(first->second);
    waiting_.erase(first);
    wake();
  }
}

}  // namespace rekeyer
