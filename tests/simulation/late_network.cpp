#include "simulation/late_network.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>

namespace rekeyer::simulation {

Task<void> LateNetwork::deliver(aws::HttpRequest request, Milliseconds delay) {
  co_await clock_.sleep_for(delay);
  const auto unread = co_await network_.send(std::move(request));
  static_cast<void>(unread);
}

ResultTask<aws::HttpResponse> LateNetwork::send(aws::HttpRequest request) {
  if (!random_.chance(chance_)) co_return co_await network_.send(std::move(request));
  const auto executor = co_await boost::asio::this_coro::executor;
  const auto timeout = request.timeout;
  constexpr auto longest = static_cast<std::uint64_t>(Milliseconds(longest_delay).count());
  const Milliseconds delay{static_cast<std::int64_t>(random_.below(longest))};
  boost::asio::co_spawn(executor, deliver(std::move(request), delay), boost::asio::detached);
  co_await clock_.sleep_for(timeout);
  co_return fail(ErrorKind::outcome_unknown, "the request is late");
}

}  // namespace rekeyer::simulation
