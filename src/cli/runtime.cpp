#include "cli/runtime.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdlib>
#include <exception>

#include "base/log.hpp"
#include "base/try.hpp"
#include "cli/version.hpp"

namespace rekeyer::cli {

Runtime::Runtime(const Options& options)
    : options_(options),
      terminal_(inspect_terminal(options.colour)),
      random_(Random::from_system()),
      run_id_(random_.hex(16)) {}

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
  log_settings.now = [this] { return clock_.now(); };
  if (terminal_.err) {  // a progress line may stand there
    log_settings.sink = [](std::string_view line) { say(std::string(erase_line) + std::string(line) + "\n"); };
  }
  log::configure(std::move(log_settings));

  std::optional<std::filesystem::path> config_file;
  if (!options_.config_file.empty()) config_file = options_.config_file;
  TRY(configuration_, config::load(config_file));

  const auto environment = aws::Environment::system();
  TRY(auto aws_settings, aws::load_settings(environment, {options_.profile, options_.region, options_.endpoint_url}));
  TRY(auto transport_settings, aws::transport_settings_from_environment(environment.get));
  if (!aws_settings.ca_bundle.empty()) transport_settings.tls.ca_bundle = aws_settings.ca_bundle;
  tls_ = transport_settings.tls;
  transport_ = std::make_unique<aws::BeastTransport>(context_, clock_, std::move(transport_settings));

  aws::CallerSettings caller_settings;
  caller_settings.endpoints = aws_settings.endpoints;
  caller_settings.user_agent = "rekeyer/" + std::string(version);
  if (aws_settings.max_attempts) caller_settings.max_attempts = *aws_settings.max_attempts;
  caller_ = std::make_unique<aws::Caller>(*transport_, clock_, random_, pace_, std::move(caller_settings));

  TRY(principal_.credentials, aws::default_chain(aws_settings, environment, {*transport_, *caller_, clock_}));
  principal_.region = aws_settings.region.empty() ? settings().store.region : aws_settings.region;
  return {};
}

notify::ChannelParts Runtime::channel_parts() {
  return {*caller_, principal_, *transport_, clock_, random_, pace_, context_.get_executor(), tls_};
}

int Runtime::run(Task<int> task) {
  boost::asio::signal_set signals(context_, SIGINT, SIGTERM);
  std::function<void()> listen = [&] {
    signals.async_wait([&](const boost::system::error_code& cancelled, int) {
      if (cancelled) return;
      if (stop_.requested()) std::_Exit(130);
      stop_.request();
      say("\nStopping: the keys in hand are finished, nothing new is begun. Once more to stop at once.\n");
      listen();
    });
  };
  listen();
  int exit_code = 1;
  std::exception_ptr bug;
  boost::asio::co_spawn(context_, std::move(task), [&](std::exception_ptr thrown, int code) {
    bug = thrown;
    exit_code = code;
    signals.cancel();
    context_.stop();
  });
  context_.run();
  if (bug) std::rethrow_exception(bug);
  return exit_code;
}

}  // namespace rekeyer::cli
