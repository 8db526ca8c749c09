// The credential report from the reply's bytes (XML around Base64 around CSV) to values.
#include "aws/services/credential_report.hpp"

#include <benchmark/benchmark.h>

#include "asked_account.hpp"
#include "aws/services/exchange.hpp"

namespace rekeyer::bench {
namespace {

void credential_report(benchmark::State& state) {
  const auto users = static_cast<std::size_t>(state.range(0));
  AskedAccount account(users);
  account.iam(aws::QueryBody("GenerateCredentialReport", "2010-05-08"));
  const auto reply = account.iam(aws::QueryBody("GetCredentialReport", "2010-05-08"));
  std::size_t read = 0;
  for (auto _ : state) {
    state.PauseTiming();
    auto taken = reply;  // the transport hands over a body of its own
    state.ResumeTiming();
    const auto result = aws::query_result(taken, "GetCredentialReport");
    auto report = aws::read_credential_report(result.value());
    read = report.value().users.size();
    benchmark::DoNotOptimize(report);
  }
  if (read != users) state.SkipWithError("the report does not hold as many users as it should");
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(reply.body.size()));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(read));
}
BENCHMARK(credential_report)->Name("CredentialReport")->Arg(100)->Arg(1'000)->Arg(100'000);

}  // namespace
}  // namespace rekeyer::bench
