// rekeyer plan: what is due, and what apply would do. Reads only.
#include <algorithm>

#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "cli/sweep_command.hpp"
#include "rotation/run_counts.hpp"

namespace rekeyer::cli {
namespace {

/// A file takes the mails where nothing else does.
bool takes_mails(const notify::ChannelSettings& channel) {
  return channel.mails() || channel.kind == notify::ChannelKind::file;
}

Task<int> plan(Runtime& runtime) {
  if (runtime.options().notify && std::ranges::none_of(runtime.notices().channels, takes_mails)) {
    co_return report_error(Error{ErrorKind::usage, "--notify needs a [[notify.channel]] for mails", {}, {}, {}});
  }
  rotation::RunOptions options;
  options.run = runtime.run_id();
  options.list_quiet = runtime.options().all;
  options.ids = runtime.options().ids;
  const auto report = co_await sweep_accounts(runtime, rotation::Mode::plan, std::move(options));
  if (!report) co_return report_error(report.error());
  const int code = write_report(runtime, *report);
  if (code == exit_ok && runtime.options().exit_code && rotation::has_due(*report)) co_return exit_due;
  co_return code;
}

}  // namespace

int run_plan(const Options& options) {
  auto runtime = Runtime::create(options);
  if (!runtime) return report_error(runtime.error());
  return (*runtime)->run(plan(**runtime));
}

}  // namespace rekeyer::cli
