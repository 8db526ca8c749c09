// rekeyer sandbox serve and rekeyer sandbox generate.
#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>
#include <csignal>
#include <fstream>

#include "base/try.hpp"
#include "cli/commands.hpp"
#include "cli/terminal.hpp"
#include "cli/world_text.hpp"
#include "sandbox/access/principal.hpp"
#include "sandbox/server/control.hpp"
#include "sandbox/server/http_server.hpp"
#include "sandbox/server/sandbox_host.hpp"

namespace rekeyer::cli {
namespace {

sandbox::WorldShape shape_of(const SandboxOptions& options) {
  return {.seed = options.seed, .accounts = options.accounts, .users = options.users, .tended = options.tended};
}

Result<> put_up_world(sandbox::SandboxHost& host, const SandboxOptions& options) {
  if (options.world_file.empty()) {
    host.generate(shape_of(options));
  } else {
    TRY(const auto text, read_world_text(options.world_file));
    if (auto built = host.parse(text); !built) return fail(in_context(std::move(built).error(), options.world_file));
  }
  const Milliseconds ahead(std::llround(options.days_ahead * 86'400'000.0));
  host.clock().set_offset(host.clock().offset() + ahead);
  return {};
}

/// What a newcomer does next, ready to be copied.
std::string hints(sandbox::SandboxHost& host, const std::string& url) {
  const auto& world = host.sandbox().world;
  std::size_t users = 0;
  for (const auto& [id, account] : world.accounts) users += account.iam.users.size();
  const auto administrator = sandbox::administrator_key(world.organization.management);
  return fmt::format(
      "An AWS of {} accounts and {} users, all make-believe; it ends with this process (Ctrl-C).\n\n"
      "To run rekeyer on it:\n"
      "  export AWS_ENDPOINT_URL={} AWS_DEFAULT_REGION=us-east-1\n"
      "  export AWS_ACCESS_KEY_ID={} AWS_SECRET_ACCESS_KEY={}\n"
      "  rekeyer plan\n\n"
      "To look around as an account's administrator (key id SANDBOXADMIN and any account's number):\n"
      "  export AWS_ENDPOINT_URL={} AWS_DEFAULT_REGION=us-east-1\n"
      "  export AWS_ACCESS_KEY_ID={} AWS_SECRET_ACCESS_KEY={}\n"
      "  aws organizations list-accounts\n"
      "  aws iam list-users\n"
      "  aws secretsmanager list-secrets\n\n"
      "To move its clock, order faults, read calls and mails:\n"
      "  curl {}/_sandbox/\n"
      "  curl -d '{{\"days\": 10}}' {}/_sandbox/clock\n",
      world.accounts.size(), users, url, host.caller().key, host.caller().secret, url, administrator,
      sandbox::administrator_secret, url, url);
}

}  // namespace

int run_sandbox_serve(const Options& options) {
  log::Settings log_settings;
  log_settings.level = options.log_level;
  log_settings.format = options.log_format;
  log::configure(std::move(log_settings));

  RealClock real;
  sandbox::SandboxHost host(real, options.sandbox.seed);
  if (const auto ready = put_up_world(host, options.sandbox); !ready) return report_error(ready.error());
  sandbox::TestedProcess tested_process(real, options.sandbox.tested_processes_of);
  sandbox::Control control(host, tested_process);
  boost::asio::io_context context{1};  // after what its tasks use: they go with it
  sandbox::HttpServer server(context, host, tested_process, control);
  if (const auto listening = server.listen(options.sandbox.listen, options.sandbox.port); !listening) {
    return report_error(listening.error());
  }
  boost::asio::signal_set signals(context, SIGINT, SIGTERM);
  signals.async_wait([&context](const boost::system::error_code&, int) { context.stop(); });
  if (!print(server.url() + "\n")) return exit_failed;
  if (!options.sandbox.quiet) say(hints(host, server.url()));
  context.run();
  return exit_ok;
}

int run_sandbox_generate(const Options& options) {
  RealClock clock;
  sandbox::SandboxHost host(clock, options.sandbox.seed);
  host.generate(shape_of(options.sandbox));
  const auto text = boost::json::serialize(host.dump()) + "\n";
  const auto& path = options.sandbox.output;
  if (path.empty() || path == "-") return print(text) ? exit_ok : exit_failed;
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (!file) return report_error(Error{ErrorKind::usage, path + " can't be written", {}, {}, {}});
  say(fmt::format("{} written; try: rekeyer sandbox serve --world {}\n", path, path));
  return exit_ok;
}

}  // namespace rekeyer::cli
