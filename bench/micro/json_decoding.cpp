// A page of ListSecrets from the reply's bytes to values: where an account's custody is read.
#include <benchmark/benchmark.h>

#include "asked_account.hpp"
#include "aws/services/exchange.hpp"
#include "aws/services/secret_values.hpp"

namespace rekeyer::bench {
namespace {

constexpr std::size_t secrets_of_a_page = 100;

void list_secrets(benchmark::State& state) {
  AskedAccount account(2 * secrets_of_a_page);
  account.store_secrets(secrets_of_a_page + 1);
  aws::JsonWriter body;
  body.begin_object().member("MaxResults", secrets_of_a_page).member("IncludePlannedDeletion", true);
  const auto reply = account.secrets_manager("ListSecrets", std::move(body));
  std::size_t secrets = 0;
  for (auto _ : state) {
    const auto result = aws::json_result(reply);
    auto page = aws::read_secret_page(result.value(), "Account_");
    secrets = page.value().items.size();
    benchmark::DoNotOptimize(page);
  }
  if (secrets != secrets_of_a_page) state.SkipWithError("the page does not hold as many secrets as it should");
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(reply.body.size()));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(secrets));
}
BENCHMARK(list_secrets)->Name("Json/ListSecrets");

}  // namespace
}  // namespace rekeyer::bench
