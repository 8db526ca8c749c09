// The system's resolver can't be interrupted once it runs, so callers wait on a timer of their own that its answer
// cancels.
#include "aws/http/name_resolver.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <map>
#include <utility>

namespace rekeyer::aws {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

/// One lookup under way. Handlers and waiters hold it; it needs neither the resolver nor the transport to be there
/// still.
struct NameResolver::Lookup {
  explicit Lookup(const asio::any_io_executor& executor) : resolver(executor) {}
  tcp::resolver resolver;
  std::vector<asio::steady_timer*> waiting;
  Endpoints endpoints;
  boost::system::error_code failure;
  bool done = false;
};

struct NameResolver::State {
  std::map<std::string, std::shared_ptr<Lookup>> under_way;
};

namespace {

/// Keeps a timer in the list for as long as its coroutine waits, however that ends.
class Waiting {
 public:
  Waiting(std::vector<asio::steady_timer*>& list, asio::steady_timer& timer) : list_(list), timer_(timer) {
    list_.push_back(&timer_);
  }
  ~Waiting() { std::erase(list_, &timer_); }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

 private:
  std::vector<asio::steady_timer*>& list_;
  asio::steady_timer& timer_;
};

}  // namespace

NameResolver::NameResolver(asio::any_io_executor executor)
    : executor_(std::move(executor)), state_(std::make_shared<State>()) {}

std::size_t NameResolver::under_way() const { return state_->under_way.size(); }

std::shared_ptr<NameResolver::Lookup> NameResolver::start(const std::string& host, std::uint16_t port) {
  const auto key = fmt::format("{}:{}", host, port);
  auto& entry = state_->under_way[key];
  if (entry) return entry;
  entry = std::make_shared<Lookup>(executor_);
  const auto lookup = entry;
  lookup->resolver.async_resolve(host, std::to_string(port), tcp::resolver::numeric_service,
                                 [lookup, state = std::weak_ptr(state_), key](boost::system::error_code failure,
                                                                              tcp::resolver::results_type found) {
                                   for (const auto& one : found) lookup->endpoints.push_back(one.endpoint());
                                   lookup->failure = failure;
                                   lookup->done = true;
                                   for (auto* timer : lookup->waiting) timer->cancel();
                                   if (const auto alive = state.lock()) alive->under_way.erase(key);
                                 });
  return lookup;
}

ResultTask<NameResolver::Endpoints> NameResolver::resolve(std::string host, std::uint16_t port, Deadline deadline) {
  boost::system::error_code not_literal;
  const auto literal = asio::ip::make_address(host, not_literal);
  if (!not_literal) co_return Endpoints{tcp::endpoint(literal, port)};

  const auto lookup = start(host, port);
  asio::steady_timer timer(executor_, deadline);
  const Waiting waiting(lookup->waiting, timer);
  boost::system::error_code woken;
  if (!lookup->done) co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  if (!lookup->done) {
    co_return fail(ErrorKind::not_sent, fmt::format("the name {} was not resolved in time (DNS did not answer)", host));
  }
  if (lookup->failure || lookup->endpoints.empty()) {
    const auto why = lookup->failure ? lookup->failure.message() : std::string("it has no address");
    co_return fail(ErrorKind::not_sent, fmt::format("the name {} can't be resolved: {}", host, why));
  }
  co_return lookup->endpoints;
}

}  // namespace rekeyer::aws
