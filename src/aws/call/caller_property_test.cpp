// Random failures in random order against what must always hold: nothing ambiguous is repeated where twice is not once,
// nothing is signed past its lease, and an error that says "not performed" is never said of what may have been.
#include <gtest/gtest.h>

#include <algorithm>

#include "aws/call/caller.hpp"
#include "fakes/call_bench.hpp"

namespace rekeyer::aws {
namespace {

using namespace std::chrono_literals;
using fakes::CallBench;

enum class Fault {
  none,
  lost,
  not_sent,
  garbled,
  throttled,
  server,
  page,
  denied,
  gone,
  expired,
  skewed,
  concurrent,
  count
};

bool may_have_been_performed(Fault fault) {
  return fault == Fault::lost || fault == Fault::garbled || fault == Fault::server || fault == Fault::page;
}

void answer(CallBench& bench, Fault fault) {
  auto& transport = bench.transport;
  switch (fault) {
    case Fault::none: transport.reply(200, "good"); break;
    case Fault::lost: transport.lost(); break;
    case Fault::not_sent: transport.not_sent(); break;
    case Fault::garbled: transport.reply(200, "garbage"); break;
    case Fault::throttled: transport.xml_error(400, "Throttling"); break;
    case Fault::server: transport.xml_error(500, "ServiceFailure"); break;
    case Fault::page: transport.reply(502, "<html>"); break;
    case Fault::denied: transport.xml_error(403, "AccessDenied"); break;
    case Fault::gone: transport.xml_error(404, "NoSuchEntity"); break;
    case Fault::expired: transport.xml_error(403, "ExpiredToken"); break;
    case Fault::skewed: transport.xml_error(400, "RequestExpired"); break;
    case Fault::concurrent: transport.xml_error(409, "ConcurrentModification"); break;
    case Fault::count: break;
  }
}

struct Scenario {
  Idempotent idempotent = Idempotent::read;
  std::vector<Fault> faults;
  std::optional<Instant> lease;
};

Scenario random_scenario(Random& random) {
  Scenario scenario;
  scenario.idempotent = static_cast<Idempotent>(random.below(3));
  for (int i = 0; i < 30; ++i) {  // more than can be sent
    const auto kinds = static_cast<std::uint64_t>(Fault::count);
    scenario.faults.push_back(random.chance(0.1) ? Fault::none : static_cast<Fault>(random.below(kinds)));
  }
  if (scenario.idempotent != Idempotent::read && random.chance(0.5)) {
    // Many end while a first refusal is waited out.
    const auto longest = random.chance(0.5) ? 2'000U : 60'000U;
    scenario.lease = fakes::bench_start + Milliseconds{static_cast<long>(random.below(longest))};
  }
  return scenario;
}

/// How often each promise was put to the test.
struct Met {
  int succeeded = 0, failed_before_lease = 0, doubtful_once = 0, doubtful_repeated = 0, not_performed = 0;
};

void expect_promises_kept(const Scenario& scenario, const CallBench& bench, const Result<HttpResponse>& result,
                          Met& met) {
  const auto& sent = bench.transport.sent;
  ASSERT_LT(sent.size(), scenario.faults.size());
  const auto refused = static_cast<std::size_t>(
      std::count(scenario.faults.begin(), scenario.faults.begin() + static_cast<long>(sent.size()), Fault::throttled));
  EXPECT_LE(sent.size() - refused + refused / 3, 8U) << "a refusal for the rate counts as a third";
  std::size_t ambiguous_attempts = 0;
  for (std::size_t i = 0; i < sent.size(); ++i) {
    if (scenario.lease) EXPECT_LT(sent[i].at, *scenario.lease) << "signed past its lease";
    ambiguous_attempts += may_have_been_performed(scenario.faults[i]) ? 1 : 0;
    if (scenario.idempotent == Idempotent::no && may_have_been_performed(scenario.faults[i])) {
      EXPECT_EQ(i + 1, sent.size()) << "sent again after an ambiguous failure";
    }
    EXPECT_EQ(sent[i].repeatable, scenario.idempotent != Idempotent::no);
  }
  if (result) {
    EXPECT_EQ(scenario.faults.at(sent.size() - 1), Fault::none) << "a success without a reply that says so";
    ++met.succeeded;
    return;
  }
  const ErrorKind kind = result.error().kind;
  if (scenario.idempotent == Idempotent::no && ambiguous_attempts > 0) {
    EXPECT_EQ(kind, ErrorKind::outcome_unknown);
    ++met.doubtful_once;
  }
  if (scenario.idempotent == Idempotent::yes && ambiguous_attempts > 0) {
    // Gone is gone, whoever did it; a conflict is read again. Everything else must not say "not performed".
    EXPECT_TRUE(ambiguous(kind) || kind == ErrorKind::not_found || kind == ErrorKind::conflict) << name(kind);
    ++met.doubtful_repeated;
  }
  if (kind == ErrorKind::lease_over) {
    EXPECT_EQ(ambiguous_attempts, 0u);
    ++met.failed_before_lease;
  }
  if (scenario.idempotent != Idempotent::read && ambiguous_attempts == 0) {
    EXPECT_FALSE(ambiguous(kind)) << "in doubt without a reason";
    ++met.not_performed;
  }
}

TEST(CallerProperty, PromisesHoldUnderRandomFailures) {
  const std::uint64_t seed = Random::from_system().next();
  SCOPED_TRACE(fmt::format("seed {}", seed));
  Random random(seed);
  Met met;
  for (int round = 0; round < 1500; ++round) {
    SCOPED_TRACE(fmt::format("round {}", round));
    const Scenario scenario = random_scenario(random);
    CallBench bench;
    bench.limiter.set_rate("iam", {1000, 1000});
    for (const Fault fault : scenario.faults) answer(bench, fault);
    Call call;
    call.service = &services::iam;
    call.operation = "Something";
    call.idempotent = scenario.idempotent;
    call.content_type = "x";
    call.body = "y";
    if (scenario.lease) call.sign_before = SignBefore::at(*scenario.lease);
    call.read = [](const HttpResponse& reply) -> Result<> {
      if (reply.body == "good") return {};
      return fail(ErrorKind::bad_reply, "not understood");
    };
    const auto result = bench.run(bench.caller.call(bench.principal(), std::move(call)));
    expect_promises_kept(scenario, bench, result, met);
    if (testing::Test::HasFailure()) return;
  }
  for (const int times :
       {met.succeeded, met.failed_before_lease, met.doubtful_once, met.doubtful_repeated, met.not_performed}) {
    EXPECT_GT(times, 0) << "a promise that was never put to the test";
  }
}

}  // namespace
}  // namespace rekeyer::aws
