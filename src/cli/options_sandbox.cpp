#include "cli/options_sandbox.hpp"

#include <CLI/CLI.hpp>
#include <limits>

#include "sandbox/world/generate.hpp"

namespace rekeyer::cli {
namespace {

void add_shape(CLI::App& command, SandboxOptions& options) {
  command.add_option("--seed", options.seed, "Same seed, same world")->capture_default_str();
  command.add_option("--accounts", options.accounts, "Accounts of the generated organization")
      ->check(CLI::Range(std::size_t{1}, sandbox::most_generated_accounts))
      ->capture_default_str();
  command.add_option("--users", options.users, "Users in all generated accounts together")
      ->check(CLI::Range(std::size_t{0}, sandbox::most_generated_users))
      ->capture_default_str();
  command.add_flag("--tended", options.tended, "It has been looked after: no key is old, nobody has two, all are used");
}

}  // namespace

void add_sandbox_commands(CLI::App& app, Options& options) {
  auto* sandbox = app.add_subcommand("sandbox", "An AWS to rehearse on: on this machine, with nothing real in it");
  sandbox->require_subcommand(1);

  auto& o = options.sandbox;
  auto* serve = sandbox->add_subcommand("serve", "Serve it over HTTP until interrupted; prints its URL");
  serve->add_option("--port", o.port, "Port to listen on; 0: any free one")->capture_default_str();
  serve->add_option("--listen", o.listen, "Loopback address to listen on")->capture_default_str();
  auto* world =
      serve->add_option("--world", o.world_file, "World file (JSON) instead of a generated world")->type_name("FILE");
  add_shape(*serve, o);
  for (const auto* const flag : {"--accounts", "--users", "--tended"}) serve->get_option(flag)->excludes(world);
  serve->add_option("--days-ahead", o.days_ahead, "Set its clock so many days ahead")
      ->check(CLI::Range(-36'500.0, 36'500.0));
  serve
      ->add_option("--victims-of", o.tested_processes_of,
                   "Process that control calls may have signalled, with all it starts; else none")
      ->check(CLI::Range(2, std::numeric_limits<int>::max()))
      ->type_name("PID");
  serve->add_flag("--quiet,-q", o.quiet, "No hints on stderr");
  serve->callback([&options] { options.command = Command::sandbox_serve; });

  auto* generate = sandbox->add_subcommand("generate", "Write the generated world as a world file");
  add_shape(*generate, o);
  generate->add_option("--out", o.output, "Where to (default: stdout)")->type_name("FILE");
  generate->callback([&options] { options.command = Command::sandbox_generate; });
}

}  // namespace rekeyer::cli
