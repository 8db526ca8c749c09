// For tests: a Beast transport and its loopback servers on one io_context, driven from outside until an answer is
// there.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "aws/http/beast_transport.hpp"
#include "aws/http/loopback_server.hpp"

namespace rekeyer::aws {

/// A clock that the test sets; nothing here sleeps by it.
class SetClock final : public Clock {
 public:
  Instant now() const override { return now_; }
  Task<void> sleep_until(Instant) override { co_return; }
  void advance(Milliseconds duration) { now_ += duration; }

 private:
  Instant now_{};
};

class TransportTest : public testing::Test {
 protected:
  /// Called before the first request of a test that wants other settings.
  TransportSettings& settings() { return settings_; }
  BeastTransport& transport() {
    if (!transport_) transport_ = std::make_unique<BeastTransport>(context_, clock_, std::move(settings_));
    return *transport_;
  }
  LoopbackServer& serve(LoopbackServer::Script script) {
    return *servers_.emplace_back(std::make_unique<LoopbackServer>(context_, std::move(script)));
  }

  static HttpRequest request(std::uint16_t port, std::string scheme = "http", std::string host = "127.0.0.1") {
    HttpRequest result;
    result.url.scheme = std::move(scheme);
    result.url.host = std::move(host);
    result.url.port = port;
    result.repeatable = true;
    result.timeout = Milliseconds{10'000};
    return result;
  }

  Result<HttpResponse> send(HttpRequest wanted) {
    std::vector<HttpRequest> one;
    one.push_back(std::move(wanted));
    auto results = send_all(std::move(one));
    return std::move(results.front());
  }

  std::vector<Result<HttpResponse>> send_all(std::vector<HttpRequest> requests) {
    std::vector<Result<HttpResponse>> results(requests.size());
    std::size_t left = requests.size();
    for (std::size_t i = 0; i < requests.size(); ++i) {
      boost::asio::co_spawn(context_, transport().send(std::move(requests[i])),
                            [&results, &left, i](std::exception_ptr thrown, Result<HttpResponse> result) {
                              EXPECT_FALSE(thrown) << "a transport does not throw";
                              results[i] = std::move(result);
                              --left;
                            });
    }
    run_until([&] { return left == 0; });
    return results;
  }

  /// Lets everything go on until `done`; a test that gets nowhere for long fails instead of hanging.
  template <class Condition>
  void run_until(Condition done) {
    context_.restart();
    while (!done()) {
      if (context_.run_one_for(std::chrono::seconds(20)) == 0) {
        FAIL() << "nothing happens any more";
      }
    }
  }

  boost::asio::io_context context_;
  SetClock clock_;

 private:
  TransportSettings settings_;
  std::vector<std::unique_ptr<LoopbackServer>> servers_;
  std::unique_ptr<BeastTransport> transport_;
};

/// The body as something that gtest prints.
inline std::string body_of(const Result<HttpResponse>& result) {
  return result ? std::string(result->body) : "failed: " + describe(result.error());
}
inline std::string failure_of(const Result<HttpResponse>& result) {
  return result ? "no failure" : std::string(name(result.error().kind));
}

inline std::string message_of(const Result<HttpResponse>& result) {
  return result ? "no failure" : result.error().message;
}

inline std::string ok_reply(std::string_view body) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

}  // namespace rekeyer::aws
