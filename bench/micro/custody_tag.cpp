// The tag that custody stands in, read and written: once a user and sweep.
#include <benchmark/benchmark.h>

#include "policy/custody.hpp"

namespace rekeyer::bench {
namespace {

const Instant now = std::chrono::sys_days{std::chrono::year{2026} / 3 / 1};

policy::Custody custody_of_two() {
  policy::Custody custody;
  custody.put(
      {AccessKeyId("AKIAEXAMPLE000000001"), policy::KeyPhase::current, now - std::chrono::days{12}, {}, false, {}});
  custody.put({AccessKeyId("AKIAEXAMPLE000000002"),
               policy::KeyPhase::retiring,
               now - std::chrono::days{12},
               now - std::chrono::days{2},
               true,
               {}});
  return custody;
}

void parse(benchmark::State& state) {
  const auto text = policy::encode(custody_of_two()).value();
  bool same = false;
  for (auto _ : state) {
    auto custody = policy::parse_custody(text);
    same = custody && custody->keys.size() == 2;
    benchmark::DoNotOptimize(custody);
  }
  if (!same) state.SkipWithError("the tag was not read");
}
BENCHMARK(parse)->Name("CustodyTag/parse");

void format(benchmark::State& state) {
  const auto custody = custody_of_two();
  for (auto _ : state) {
    auto text = policy::encode(custody);
    benchmark::DoNotOptimize(text);
  }
}
BENCHMARK(format)->Name("CustodyTag/format");

}  // namespace
}  // namespace rekeyer::bench
