#include "cli/runtime.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/signal_set.hpp>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <system_error>

#include "base/log.hpp"
#include "base/try.hpp"
#include "cli/stop_signals.hpp"

namespace rekeyer::cli {

Runtime::Runtime(const Options& options)
    : options_(options), terminal_(inspect_terminal(options.colour)), run_id_(engine_.random().hex(16)) {}

Result<std::unique_ptr<Runtime>> Runtime::create(const Options& options) {
  std::unique_ptr<Runtime> runtime(new Runtime(options));
  TRY_VOID(runtime->build());
  return runtime;
}

Result<> Runtime::build() {
  log::Settings log_settings;
  log_settings.level = options_.log_level;
  log_settings.format = options_.log_format;
  log_settings.colour = terminal_.colour_err;
  log_settings.now = [this] { return engine_.clock().now(); };
  if (terminal_.err) {  // a progress line may stand there
    log_settings.sink = [](std::string_view line) { say(std::string(erase_line) + std::string(line) + "\n"); };
  }
  log::configure(std::move(log_settings));

  std::optional<std::filesystem::path> config_file;
  if (!options_.config_file.empty()) config_file = options_.config_file;
  TRY(auto configuration, config::load(config_file));
  if (const auto& file = configuration.rotation.file; !file.empty()) {
    std::error_code unknown;
    const auto whole = std::filesystem::absolute(file, unknown);
    log::info("configuration read", {{"file", unknown ? file : whole.string()}});
  }
  engine_.configure(std::move(configuration));
  return engine_.connect({options_.profile, options_.region, options_.endpoint_url}, aws::Environment::system());
}

int Runtime::run(Task<int> task, std::string_view stopping) {
  boost::asio::signal_set signals(engine_.io());
  for (const int each : stop_signals()) signals.add(each);
  std::function<void()> listen = [&] {
    signals.async_wait([&](const boost::system::error_code& cancelled, int signal) {
      if (cancelled) return;
      if (stop_.requested()) {
        if (insists(signal)) std::_Exit(130);
      } else {
        stop_.request();
        say("\n" + std::string(stopping) + " Once more to stop at once.\n");
      }
      listen();
    });
  };
  listen();
  int exit_code = 1;
  std::exception_ptr bug;
  boost::asio::co_spawn(engine_.io(), std::move(task), [&](std::exception_ptr thrown, int code) {
    bug = thrown;
    exit_code = code;
    signals.cancel();
    engine_.io().stop();
  });
  engine_.io().run();
  if (bug) std::rethrow_exception(bug);
  return exit_code;
}

}  // namespace rekeyer::cli
