#include "cli/sweeping.hpp"

#include "base/try.hpp"
#include "cli/progress.hpp"
#include "engine/sweeping.hpp"

namespace rekeyer::cli {

ResultTask<rotation::RunReport> sweep_accounts(Runtime& runtime, rotation::Mode mode, rotation::RunOptions options) {
  Progress progress(runtime.terminal().err);
  engine::SweepRequest request;
  request.mode = mode;
  request.options = std::move(options);
  request.filter = runtime.options().filter;
  request.observer = progress.observer();
  request.refuse_unknown_names = true;
  request.audit_mails = runtime.options().notify;
  if (const auto& at = runtime.options().at; !at.empty()) {
    request.as_of = [&at](Instant now) { return parse_at(at, now); };
  }
  auto context = runtime.context();
  CO_TRY(auto result, co_await engine::sweep_accounts(context, std::move(request)));
  co_return std::move(result.report);
}

}  // namespace rekeyer::cli
