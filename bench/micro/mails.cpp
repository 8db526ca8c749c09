// One owner's mail, text and HTML, from the built-in templates.
#include <benchmark/benchmark.h>

#include "notify/render/samples.hpp"
#include "notify/render/templates.hpp"

namespace rekeyer::bench {
namespace {

void render_owner(benchmark::State& state) {
  const auto templates = notify::Templates::with({});
  const auto model = notify::sample_owner_mail({notify::sample_notice(policy::NoticeKind::rotated),
                                                notify::sample_notice(policy::NoticeKind::deactivation_soon)});
  std::size_t bytes = 0;
  for (auto _ : state) {
    auto mail = templates.value().render(model);
    bytes = mail.html.size() + mail.text.size();
    benchmark::DoNotOptimize(mail);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes));
}
BENCHMARK(render_owner)->Name("Letter/owner");

}  // namespace
}  // namespace rekeyer::bench
