// The transport of production against a responder on another processor: how many requests a second of this process's
// own CPU time (user and system) carries. Small requests and replies on kept connections, which is what a sweep sends.
#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>

#include "aws/http/beast_transport.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "responder.hpp"

namespace rekeyer::bench {
namespace {

constexpr int own_processor = 0;
constexpr int other_processor = 1;
constexpr int requests_of_a_batch = 256;

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// As the caller hands it over: signed, with a session token.
aws::HttpRequest signed_request(Wire wire, std::uint16_t port) {
  Random random(1);
  aws::HttpRequest request;
  request.method = "POST";
  request.url.scheme = wire == Wire::tls ? "https" : "http";
  request.url.host = "127.0.0.1";
  request.url.port = port;
  request.repeatable = true;
  // The first handshakes of a sanitized build on a busy machine take their time, and are not what is measured.
  request.timeout = Milliseconds{600'000};
  request.headers.add("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
  request.headers.add("User-Agent", "rekeyer/0.1.0");
  request.headers.add("Host", request.url.host_header());
  request.headers.add("X-Amz-Date", "20260301T000000Z");
  request.headers.add("X-Amz-Security-Token", random.hex(800));
  request.headers.add("Authorization",
                      "AWS4-HMAC-SHA256 Credential=ASIAEXAMPLE000000001/20260301/us-east-1/iam/aws4_request, "
                      "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, Signature=" +
                          random.hex(64));
  request.body = "Action=ListAccessKeys&Version=2010-05-08&UserName=ci-payments&MaxItems=1000";
  return request;
}

struct Batch {
  aws::Transport& transport;
  const aws::HttpRequest& request;
  int to_begin = requests_of_a_batch;
  int senders = 0;
  int failed = 0;
};

/// Sends one request after the other until all of the batch have begun.
Task<void> send_in_turn(Batch& batch) {
  while (batch.to_begin > 0) {
    --batch.to_begin;
    const auto reply = co_await batch.transport.send(batch.request);
    if (!reply || reply->status != 200) ++batch.failed;
  }
}

void send_batch(boost::asio::io_context& context, Batch& batch) {
  const int wanted = batch.senders;
  for (int i = 0; i < wanted; ++i) {
    boost::asio::co_spawn(context, send_in_turn(batch), [&batch](std::exception_ptr thrown) {
      if (thrown) std::rethrow_exception(thrown);
      --batch.senders;
    });
  }
  context.restart();
  while (batch.senders > 0) context.run_one();
}

void keep_sending(benchmark::State& state, Wire wire) {
  const Responder responder(wire, other_processor);
  const PinnedTo pinned(own_processor);
  boost::asio::io_context context{1};
  RealClock clock;
  aws::TransportSettings settings;
  settings.tls.ca_bundle = responder.certificate_file();
  aws::BeastTransport transport(context, clock, std::move(settings));
  const auto request = signed_request(wire, responder.port());
  const auto in_flight = static_cast<int>(state.range(0));
  int failed = 0;
  const auto run = [&] {
    Batch batch{transport, request, requests_of_a_batch, in_flight, 0};
    send_batch(context, batch);
    failed += batch.failed;
  };
  run();  // opens the connections
  const double before = cpu_seconds();
  for (auto _ : state) run();
  const double spent = cpu_seconds() - before;
  if (failed > 0) state.SkipWithError("requests failed");
  if (transport.idle_connections() != static_cast<std::size_t>(in_flight)) {
    state.SkipWithError("connections were not kept: this measured opening them");
  }
  const auto sent = static_cast<double>(state.iterations()) * requests_of_a_batch;
  state.counters["requests_per_cpu_second"] = sent / spent;
}

void keep_alive(benchmark::State& state) { keep_sending(state, Wire::plain); }
BENCHMARK(keep_alive)->Name("Transport/keep_alive")->Arg(1)->Arg(64)->Unit(benchmark::kMillisecond);

void tls(benchmark::State& state) { keep_sending(state, Wire::tls); }
BENCHMARK(tls)->Name("Transport/tls")->Arg(1)->Arg(64)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace rekeyer::bench
