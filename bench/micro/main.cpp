// micro_bench: what single pieces cost. Google Benchmark's own options apply:
//
//   micro_bench --benchmark_filter=CredentialReport
//   micro_bench --benchmark_format=json --benchmark_repetitions=5
#include <benchmark/benchmark.h>

#include "base/log.hpp"

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  rekeyer::log::configure({rekeyer::log::Level::off, rekeyer::log::Format::text, false, {}, {}, {}});
  const auto run = benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  // A filter that fits nothing must not look like a measurement.
  return run == 0 ? 1 : 0;
}
