#include "probe/checks/spreading.hpp"

#include <fmt/format.h>

#include "base/try.hpp"

// NOLINTBEGIN(cppcoreguidelines-avoid-capturing-lambda-coroutines): it lives in the frame of the waiting that it is
// given to
namespace rekeyer::probe {
namespace {

using namespace std::chrono_literals;

constexpr Milliseconds believed = 60s;
constexpr Milliseconds longest = 5min;
constexpr int times_in_a_row = 3;

}  // namespace

ResultTask<Spread> until_listing(Bench& bench, Client client, Listing wanted) {
  Spread spread;
  int in_a_row = 0;
  auto took = co_await bench.wait_until(longest, [&]() -> ResultTask<bool> {
    aws::JsonWriter body;
    body.begin_object().member("MaxResults", 1).end();
    const auto answer = co_await client.secret("ListSecrets", std::move(body), aws::Idempotent::read);
    const bool denied = answer.refusal && answer.refusal->kind == ErrorKind::access_denied;
    if (answer.refusal && !denied) co_return fail(*answer.refusal);
    if (denied) spread.refusal = answer.words();
    in_a_row = denied == (wanted == Listing::denied) ? in_a_row + 1 : 0;
    co_return in_a_row >= times_in_a_row;
  });
  if (!took) co_return fail(took.error());
  spread.took = *took;
  co_return spread;
}

Finding judge_listing(const Spread& spread) {
  if (!spread.took) return different("not within five minutes");
  return judged(*spread.took <= believed,
                fmt::format("after {:.1f} s", static_cast<double>(spread.took->count()) / 1000));
}

}  // namespace rekeyer::probe
// NOLINTEND(cppcoreguidelines-avoid-capturing-lambda-coroutines)
