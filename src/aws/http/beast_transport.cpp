// One request's way: choose the route, wait for a turn, take a kept connection or open one, exchange, keep it or let it
// go.
#include "aws/http/beast_transport.hpp"

#include <fmt/format.h>

#include <boost/asio/steady_timer.hpp>
#include <utility>

#include "aws/http/connection.hpp"
#include "aws/http/connection_pool.hpp"
#include "aws/http/request_text.hpp"
#include "base/try.hpp"

namespace rekeyer::aws {

class BeastTransport::Sender {
 public:
  Sender(boost::asio::io_context& context, Clock& clock, TransportSettings settings)
      : executor_(context.get_executor()),
        proxies_(std::move(settings.proxies)),
        dialler_(executor_, std::move(settings.tls)),
        pool_(executor_, clock, {settings.max_connections_per_host, settings.max_idle, settings.idle_time}) {}

  ResultTask<HttpResponse> send(HttpRequest request);
  std::size_t idle_connections() const { return pool_.idle_count(); }

 private:
  struct Attempt {
    std::shared_ptr<const HttpRequest> request;
    Route route;
    TimeLimit limit;
    bool exchanging = false;  ///< from the first moment at which a byte may have left
  };
  ResultTask<HttpResponse> perform(std::shared_ptr<Attempt> attempt);
  Route route_of(const HttpRequest& request) const;

  boost::asio::any_io_executor executor_;
  ProxySettings proxies_;
  Dialler dialler_;
  ConnectionPool pool_;
};

Route BeastTransport::Sender::route_of(const HttpRequest& request) const {
  const auto* proxy = request.use_proxy ? proxies_.choose(request.url) : nullptr;
  return {request.url.scheme, request.url.host, request.url.port, proxy};
}

ResultTask<HttpResponse> BeastTransport::Sender::send(HttpRequest request) {
  // Before anything else: a smuggled line must not reach a proxy's CONNECT either.
  if (const auto wrong = unsendable(request)) {
    co_return fail(ErrorKind::not_sent, fmt::format("the request can't be sent: {}", *wrong));
  }
  boost::asio::steady_timer timer(executor_);
  timer.expires_after(request.timeout);
  const auto attempt = std::make_shared<Attempt>();
  attempt->route = route_of(request);
  attempt->limit = {timer.expiry(), request.timeout};
  attempt->request = std::make_shared<const HttpRequest>(std::move(request));
  std::string thrown;
  try {
    auto result = co_await perform(attempt);
    co_return result;
  } catch (const std::exception& failure) {
    // Cancellation of the awaiting task arrives like this, and so does what the libraries throw.
    thrown = failure.what();
  }
  co_return fail(attempt->exchanging ? ErrorKind::outcome_unknown : ErrorKind::not_sent,
                 fmt::format("the request to {} was interrupted: {}", attempt->route.describe(), thrown));
}

ResultTask<HttpResponse> BeastTransport::Sender::perform(std::shared_ptr<Attempt> attempt) {
  auto turn = co_await pool_.turn(attempt->route, attempt->limit);
  if (!turn) co_return fail(std::move(turn).error());
  if (attempt->request->repeatable) {
    if (auto kept = turn->take_idle()) {
      attempt->exchanging = true;
      auto result = co_await kept->exchange(attempt->request, attempt->limit);
      const bool once_more = !result && kept->broke_before_reply();
      if (result && kept->reusable()) turn->keep(std::move(kept));
      if (!once_more) co_return result;
    }
  }
  auto opened = co_await dialler_.open(attempt->route, attempt->limit);
  if (!opened) {
    auto error = std::move(opened).error();
    // A first try on a kept connection may have arrived.
    if (attempt->exchanging) error.kind = ErrorKind::outcome_unknown;
    co_return fail(std::move(error));
  }
  auto connection = *std::move(opened);
  attempt->exchanging = true;
  auto result = co_await connection->exchange(attempt->request, attempt->limit);
  if (result && connection->reusable()) turn->keep(std::move(connection));
  co_return result;
}

BeastTransport::BeastTransport(boost::asio::io_context& context, Clock& clock, TransportSettings settings)
    : sender_(std::make_unique<Sender>(context, clock, std::move(settings))) {}

BeastTransport::~BeastTransport() = default;

ResultTask<HttpResponse> BeastTransport::send(HttpRequest request) { return sender_->send(std::move(request)); }

std::size_t BeastTransport::idle_connections() const { return sender_->idle_connections(); }

Result<TransportSettings> transport_settings_from_environment(const ProxySettings::Environment& environment) {
  TransportSettings settings;
  settings.tls.ca_bundle = environment("AWS_CA_BUNDLE").value_or(std::string());
  settings.tls.ssl_cert_file = environment("SSL_CERT_FILE").value_or(std::string());
  if (const auto package = environment("LAMBDA_TASK_ROOT"); package && !package->empty()) {
    settings.tls.trust_package(*package);
  }
  TRY(settings.proxies, ProxySettings::from_environment(environment));
  return settings;
}

}  // namespace rekeyer::aws
