// A Transport for tests that answers from a script, in order, and keeps what was sent.
#pragma once

#include <fmt/chrono.h>
#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "aws/http/transport.hpp"
#include "base/clock.hpp"

namespace rekeyer::fakes {

inline std::string http_date(Instant instant) {
  return fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", std::chrono::floor<std::chrono::seconds>(instant));
}

class ScriptedTransport final : public aws::Transport {
 public:
  using Answer = Result<aws::HttpResponse>;
  using Step = std::function<Answer(const aws::HttpRequest&)>;

  struct Sent {
    std::string method;
    std::string url;
    aws::Headers headers;
    std::string body;
    bool repeatable = false;
    Instant at{};

    std::string header(std::string_view name) const { return std::string(headers.find(name).value_or("")); }
    /// The decoded value of a query-protocol parameter is not needed: tests look for "Name=value" as it was sent.
    bool has(std::string_view text) const { return body.find(text) != std::string::npos; }
  };

  explicit ScriptedTransport(Clock& clock) : clock_(clock) {}

  ScriptedTransport& then(Step step) {
    steps_.push_back(std::move(step));
    return *this;
  }
  ScriptedTransport& reply(int status, std::string body, std::map<std::string, std::string> headers = {}) {
    return then([this, status, body = std::move(body), headers = std::move(headers)](const aws::HttpRequest&) {
      return response(status, body, headers);
    });
  }
  /// An error document of the query protocol.
  ScriptedTransport& xml_error(int status, std::string_view code, std::string_view message = "no",
                               std::map<std::string, std::string> headers = {}) {
    return reply(status,
                 fmt::format("<ErrorResponse><Error><Type>Sender</Type><Code>{}</Code><Message>{}</Message></Error>"
                             "<RequestId>req-1</RequestId></ErrorResponse>",
                             code, message),
                 std::move(headers));
  }
  ScriptedTransport& json_error(int status, std::string_view code, std::string_view message = "no",
                                std::map<std::string, std::string> headers = {}) {
    return reply(status, fmt::format(R"({{"__type":"{}","Message":"{}"}})", code, message), std::move(headers));
  }
  /// The request may have arrived; no reply came.
  ScriptedTransport& lost() {
    return then([](const aws::HttpRequest&) -> Answer {
      return fail(ErrorKind::outcome_unknown, "the connection was cut before a reply came");
    });
  }
  ScriptedTransport& not_sent() {
    return then([](const aws::HttpRequest&) -> Answer { return fail(ErrorKind::not_sent, "connection refused"); });
  }

  /// Every reply carries this clock's time as Date; without it, replies carry no Date.
  void date_by(const Clock* server_clock) { server_clock_ = server_clock; }
  /// How long an exchange takes.
  void take(Milliseconds latency) { latency_ = latency; }

  aws::HttpResponse response(int status, std::string_view body,
                             const std::map<std::string, std::string>& headers) const {
    aws::HttpResponse result;
    result.status = status;
    result.body.assign(body.begin(), body.end());
    result.headers.add("x-amzn-RequestId", "req-1");
    for (const auto& [name, value] : headers) result.headers.set(name, value);
    if (server_clock_ && !result.headers.find("Date")) result.headers.set("Date", http_date(server_clock_->now()));
    return result;
  }

  ResultTask<aws::HttpResponse> send(aws::HttpRequest request) override {
    sent.push_back({request.method, request.url.str(), request.headers,
                    std::string(request.body.begin(), request.body.end()), request.repeatable, clock_.now()});
    if (latency_ > Milliseconds::zero()) co_await clock_.sleep_for(latency_);
    if (steps_.empty()) {
      ADD_FAILURE() << "sent more than the script answers: " << sent.back().header("X-Amz-Target") << sent.back().body;
      co_return fail(ErrorKind::rejected, "the script is over");
    }
    const Step step = std::move(steps_.front());
    steps_.pop_front();
    co_return step(request);
  }

  bool finished() const { return steps_.empty(); }
  std::vector<Sent> sent;

 private:
  Clock& clock_;
  const Clock* server_clock_ = nullptr;
  Milliseconds latency_{0};
  std::deque<Step> steps_;
};

}  // namespace rekeyer::fakes
