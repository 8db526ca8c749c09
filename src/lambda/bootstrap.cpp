#include "lambda/bootstrap.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/asio/co_spawn.hpp>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <optional>
#include <set>

#include "aws/http/beast_transport.hpp"
#include "base/log.hpp"
#include "base/try.hpp"
#include "engine/engine.hpp"
#include "lambda/configuration.hpp"
#include "lambda/handlers.hpp"
#include "lambda/runtime_api.hpp"

namespace rekeyer::lambda {
namespace {

/// A configuration is read anew when it is older.
constexpr Milliseconds configuration_lasts{5 * 60 * 1000};

using Variables = std::map<std::string, std::string>;

std::string value_of(const Variables& variables, const std::string& name) {
  const auto found = variables.find(name);
  return found == variables.end() ? std::string() : found->second;
}

/// Runs a task on its own event loop to its end.
template <class T>
T run_on(boost::asio::io_context& io, Task<T> task) {
  std::optional<T> result;
  std::exception_ptr bug;
  boost::asio::co_spawn(io, std::move(task), [&](std::exception_ptr thrown, T value) {
    bug = thrown;
    if (!thrown) result.emplace(std::move(value));
    io.stop();
  });
  io.restart();
  io.run();
  if (bug) std::rethrow_exception(bug);
  return *std::move(result);
}

void write_metrics(std::string_view line) {
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fputc('\n', stdout);
  std::fflush(stdout);
}

class Bootstrap {
 public:
  explicit Bootstrap(Variables variables)
      : variables_(std::move(variables)),
        environment_(aws::Environment::of({variables_.begin(), variables_.end()})),
        transport_(io_, clock_, {}) {}

  int run() {
    auto api = RuntimeApi::at(transport_, value_of(variables_, "AWS_LAMBDA_RUNTIME_API"));
    if (!api) return end("the runtime API can't be used", api.error());
    if (auto ready = prepare(); !ready) {
      const auto reported = run_on(io_, api->report_init_error(function_error(ready.error())));
      if (!reported) log::error("the error could not be reported", {{"error", describe(reported.error())}});
      return end("initialisation failed", ready.error());
    }
    for (;;) {
      auto invocation = run_on(io_, api->next());
      if (!invocation) return end("no event could be fetched", invocation.error());
      const auto ended = serve(*api, std::move(*invocation));
      // Only what makes the container unusable ends it: Lambda starts another one.
      if (!ended) return end("the answer could not be given", ended.error());
    }
  }

 private:
  static int end(std::string_view what, const Error& error) {
    log::error(what, {{"error", describe(error)}});
    return 1;
  }

  /// What does not change from one event to the next.
  Result<> prepare() {
    configure_log({});
    const auto name = value_of(variables_, "_HANDLER");
    const auto handler = find_handler(name);
    if (!handler) {
      return fail(ErrorKind::usage,
                  fmt::format("there is no handler \"{}\"; there is {}", name, fmt::join(handler_names(), ", ")));
    }
    handler_ = *handler;
    TRY(auto deployment, read_deployment(environment_));
    source_ = find_configuration(deployment, value_of(variables_, "LAMBDA_TASK_ROOT"), variables_);
    TRY(deployment_, with_older_settings(std::move(deployment), source_));
    configure_log({});
    return {};
  }

  void configure_log(const std::string& request_id) {
    log::Settings settings;
    settings.level = deployment_.log_level;
    settings.format = log::Format::json;
    settings.now = [this] { return engine_ ? engine_->clock().now() : clock_.now(); };
    if (!request_id.empty()) settings.always = {{"requestId", request_id}};
    log::configure(std::move(settings));
  }

  Result<> serve(RuntimeApi& api, Invocation invocation) {
    const auto request_id = invocation.request_id;
    if (!invocation.trace_id.empty()) setenv("_X_AMZN_TRACE_ID", invocation.trace_id.c_str(), 1);
    configure_log(request_id);
    auto answer = handle(std::move(invocation));
    engine_.reset();
    if (answer) {
      auto given = run_on(io_, api.respond(request_id, *std::move(answer)));
      if (given || given.error().kind != ErrorKind::limit_exceeded) return given;
      answer = fail(given.error());
    }
    const auto error = function_error(answer.error());
    log::error("the invocation failed", {{"type", error.type}, {"error", error.message}});
    return run_on(io_, api.report_error(request_id, error));
  }

  /// Everything but the configuration is made anew: an environment may have been frozen for hours, and neither its
  /// connections nor its idea of AWS's time are worth anything then.
  Result<std::string> handle(Invocation invocation) {
    engine_.emplace();
    auto& engine = *engine_;
    TRY_VOID(engine.connect({}, environment_));
    rotation::StopFlag stop;
    stop.request_at(engine.machine_clock(), invocation.deadline - stops_before_deadline);
    return run_on(engine.io(), work(engine, stop, std::move(invocation)));
  }

  ResultTask<std::string> work(engine::Engine& engine, const rotation::StopFlag& stop, Invocation invocation) {
    CO_TRY_VOID(co_await configure(engine));
    Job job{engine.configuration(),
            deployment_,
            engine.caller(),
            engine.principal(),
            engine.clock(),
            stop,
            RunId(engine.random().hex(16)),
            invocation.request_id,
            engine.channel_parts(),
            write_metrics};
    co_return co_await handler_(std::move(job), std::move(invocation.event));
  }

  ResultTask<> configure(engine::Engine& engine) {
    const auto now = engine.machine_clock().now();
    if (!configuration_ || now - read_at_ >= configuration_lasts) {
      CO_TRY(auto read, co_await read_configuration(engine.caller(), engine.principal(), source_));
      for (const auto& warning : read.warnings) warn_once(warning);
      configuration_ = std::move(read.configuration);
      read_at_ = now;
    }
    engine.configure(*configuration_);
    co_return Result<>{};
  }

  void warn_once(const std::string& warning) {
    if (warned_.insert(warning).second) log::warn("configuration", {{"warning", warning}});
  }

  Variables variables_;
  aws::Environment environment_;
  boost::asio::io_context io_{1};
  RealClock clock_;
  aws::BeastTransport transport_;  ///< to the runtime API only
  Handler handler_ = nullptr;
  Deployment deployment_;
  ConfigurationSource source_;
  std::optional<engine::Engine> engine_;  ///< of the invocation in hand
  std::optional<config::Configuration> configuration_;
  Instant read_at_{};
  std::set<std::string> warned_;
};

}  // namespace

bool is_started_by_lambda(const std::map<std::string, std::string>& environment) {
  return environment.contains("AWS_LAMBDA_RUNTIME_API");
}

int run_bootstrap(const std::map<std::string, std::string>& environment) { return Bootstrap(environment).run(); }

}  // namespace rekeyer::lambda
