// rekeyer rehearse: the policy played forward on a generated, loaded or surveyed organisation. Changes nothing.
#include <fmt/format.h>

#include <csignal>

#include "base/try.hpp"
#include "cli/commands.hpp"
#include "cli/runtime.hpp"
#include "cli/stop_signals.hpp"
#include "cli/world_text.hpp"
#include "config/config.hpp"
#include "engine/session.hpp"
#include "rehearsal/from_world.hpp"
#include "rehearsal/import.hpp"
#include "rehearsal/output.hpp"
#include "rehearsal/rehearsal.hpp"
#include "sandbox/world/generate.hpp"

namespace rekeyer::cli {
namespace {

/// What is played, and how it is called in the report.
struct Beginning {
  std::string name;
  config::Configuration configuration;
  rehearsal::Model model;
};

Result<config::Configuration> load_configuration(const Options& options) {
  std::optional<std::filesystem::path> file;
  if (!options.config_file.empty()) file = options.config_file;
  return config::load(file);
}

/// A make-believe world: nothing is asked of anybody.
Result<Beginning> make_believe(const Options& options) {
  const auto& rehearse = options.rehearse;
  Beginning beginning;
  TRY(beginning.configuration, load_configuration(options));
  Instant start = RealClock().now();
  if (!rehearse.start.empty()) {
    TRY(start, parse_at(rehearse.start, start));
  }
  sandbox::LoadedWorld loaded;
  if (rehearse.world_file.empty()) {
    beginning.name = fmt::format("A generated organization (seed {})", rehearse.behaviour.seed);
    loaded = sandbox::generate_world(
        {.seed = rehearse.behaviour.seed, .accounts = rehearse.accounts, .users = rehearse.users}, start);
  } else {
    beginning.name = rehearse.world_file;
    TRY(const auto text, read_world_text(rehearse.world_file));
    auto parsed = sandbox::parse_world(text, rehearse.behaviour.seed, start);
    if (!parsed) return fail(in_context(std::move(parsed).error(), rehearse.world_file));
    loaded = std::move(*parsed);
    if (rehearse.start.empty()) start = loaded.now;  // a dump goes on from when it was taken
  }
  TRY(beginning.model,
      rehearsal::model_of(loaded.world, beginning.configuration, options.filter, rehearse.behaviour, start));
  return beginning;
}

ResultTask<rehearsal::Model> survey(Runtime& runtime) {
  CO_TRY(const auto session, co_await engine::Session::open(runtime.context()));
  const auto& settings = runtime.settings();
  auto accounts = session.accounts(runtime.options().filter);
  auto gateway = session.gateway();
  std::function<void(std::size_t, std::size_t)> progress;
  if (runtime.terminal().err) {
    progress = [](std::size_t seen, std::size_t users) {
      say(fmt::format("{}surveyed {} accounts, {} users", erase_line, seen, users));
    };
  }
  const rehearsal::ImportFrom from{accounts.source(), gateway, settings, runtime.notices(), runtime.stop()};
  auto model = co_await rehearsal::import_accounts(from, runtime.options().rehearse.behaviour, runtime.clock().now(),
                                                   std::move(progress));
  if (runtime.terminal().err) say(erase_line);
  co_return model;
}

Task<int> survey_into(Runtime& runtime, Result<Beginning>& beginning) {
  auto model = co_await survey(runtime);
  if (model) {
    beginning = Beginning{"The organization as it stands", runtime.configuration(), std::move(*model)};
  } else {
    beginning = fail(model.error());
  }
  co_return exit_ok;
}

/// Reads only: the survey is given a ReadGateway.
Result<Beginning> surveyed(const Options& options) {
  TRY(const auto runtime, Runtime::create(options));
  Result<Beginning> beginning;
  runtime->run(survey_into(*runtime, beginning));
  return beginning;
}

volatile std::sig_atomic_t stop_wanted = 0;

/// While days are computed nobody waits for signals: the first one ends the rehearsal after the day in hand, a second
/// one the process.
void stop_after_this_day() {
  const auto stop = [](int signal) {
    stop_wanted = 1;
    std::signal(signal, SIG_DFL);
  };
  for (const int each : stop_signals()) std::signal(each, stop);
}

rehearsal::RehearsalReport play(const Options& options, Beginning beginning, const Terminal& terminal) {
  const auto limits = beginning.configuration.rotation.limits;
  rehearsal::Rehearsal rehearsal(std::move(beginning.model), limits,
                                 {options.rehearse.days, options.rehearse.behaviour, {}, false});
  RealClock clock;
  auto said = clock.now();
  constexpr Milliseconds often{200};
  while (!rehearsal.over() && stop_wanted == 0) {
    rehearsal.advance_a_day();
    if (!terminal.err || clock.now() - said < often) continue;
    said = clock.now();
    say(fmt::format("{}day {} of {}", erase_line, rehearsal.days_lived(), options.rehearse.days));
  }
  if (terminal.err) say(erase_line);
  return rehearsal.result(beginning.name);
}

int write(const Options& options, const rehearsal::RehearsalReport& result, const Terminal& terminal) {
  std::string text;
  switch (options.format) {
    case report::Format::table: {
      const auto every = options.rehearse.every.value_or(rehearsal::fitting(result.days.size()));
      text = rehearsal::to_table(result, every, {terminal.colour_out, terminal.width, options.all});
      break;
    }
    case report::Format::json: text = rehearsal::to_json(result); break;
    case report::Format::csv: text = rehearsal::to_csv(result); break;
  }
  if (!print(text)) {
    say("rekeyer: the report could not be written to standard output\n");
    return exit_failed;
  }
  if (result.interrupted()) return exit_interrupted;
  return result.incomplete.empty() ? exit_ok : exit_failed;
}

}  // namespace

int run_rehearse(const Options& options) {
  const auto terminal = inspect_terminal(options.colour);
  // A survey listens for signals by itself; a made-up world of millions of users takes its time, too.
  if (!options.rehearse.from_organization) stop_after_this_day();
  auto beginning = options.rehearse.from_organization ? surveyed(options) : make_believe(options);
  if (!beginning) {
    const int code = report_error(beginning.error());
    return beginning.error().kind == ErrorKind::cancelled ? exit_interrupted : code;
  }
  if (options.rehearse.from_organization) stop_after_this_day();
  return write(options, play(options, std::move(*beginning), terminal), terminal);
}

}  // namespace rekeyer::cli
