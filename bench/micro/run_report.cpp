// A run's report in each of its forms, with 10,000 rows in 100 accounts.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "base/random.hpp"
#include "report/report.hpp"
#include "report/sample_report.hpp"

namespace rekeyer::bench {
namespace {

constexpr int accounts = 100;
constexpr int rows_of_an_account = 100;

/// The sample's rows over and over, each of another user.
rotation::RunReport large_report() {
  Random random(1);
  const auto sample = report::sample_report();
  const auto rows = sample.accounts.begin()->actions;
  auto large = report::empty_report();
  for (int number = 0; number < accounts; ++number) {
    auto account = report::account(fmt::format("{:012}", 100'000'000'000 + number), fmt::format("account-{}", number));
    account.users = 2 * rows_of_an_account;
    account.quiet = account.users - rows_of_an_account;
    for (int row = 0; row < rows_of_an_account; ++row) {
      auto action = rows[random.below(rows.size())];
      action.account = account.id;
      action.user = UserName(fmt::format("user-{:x}", random.below(1'000'000)));
      account.actions.push_back(std::move(action));
    }
    large.accounts.push_back(std::move(account));
  }
  large.calls = sample.calls;
  return large;
}

template <class Render>
void render(benchmark::State& state, Render as_text) {
  const auto report = large_report();
  std::size_t bytes = 0;
  for (auto _ : state) {
    auto text = as_text(report);
    bytes = text.size();
    benchmark::DoNotOptimize(text);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes));
  state.SetItemsProcessed(state.iterations() * accounts * rows_of_an_account);
}

void render_table(benchmark::State& state) {
  render(state, [](const rotation::RunReport& report) { return report::to_table(report, {}); });
}
BENCHMARK(render_table)->Name("Report/table");

void render_json(benchmark::State& state) {
  render(state, [](const rotation::RunReport& report) { return report::to_json(report); });
}
BENCHMARK(render_json)->Name("Report/json");

void render_csv(benchmark::State& state) {
  render(state, [](const rotation::RunReport& report) { return report::to_csv(report); });
}
BENCHMARK(render_csv)->Name("Report/csv");

}  // namespace
}  // namespace rekeyer::bench
