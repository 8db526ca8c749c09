// rekeyer's entry: parse, run, exit code.
#include <nss.h>
#include <openssl/crypto.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <map>
#include <string>
#include <string_view>

#include "base/shown_text.hpp"
#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/terminal.hpp"
#include "lambda/bootstrap.hpp"

namespace {

using namespace rekeyer::cli;

int dispatch(const Options& options) {
  switch (options.command) {
    case Command::plan: return run_plan(options);
    case Command::apply:
    case Command::rotate: return run_apply(options);
    case Command::adopt: return run_adopt(options);
    case Command::relock: return run_relock(options);
    case Command::inventory: return run_inventory(options);
    case Command::explain: return run_explain(options);
    case Command::config_check: return run_config_check(options);
    case Command::config_init: return run_config_init(options);
    case Command::config_migrate: return run_config_migrate(options);
    case Command::sandbox_serve: return run_sandbox_serve(options);
    case Command::sandbox_generate: return run_sandbox_generate(options);
    case Command::rehearse: return run_rehearse(options);
    case Command::notify_preview: return run_notify_preview(options);
    case Command::notify_test: return run_notify_test(options);
    case Command::permissions: return run_permissions(options);
    case Command::doctor: return run_doctor(options);
    case Command::probe: return run_probe(options);
    case Command::completion: return run_completion(options);
    case Command::manual: return run_manual(options);
  }
  return exit_usage;
}

/// Before anything else is read. Neither a core dump nor another process of the same user may show secrets (I7): the
/// limit alone does not hold where cores are piped to a program. OpenSSL's own configuration can name libraries to load
/// into this process: it is never read, whatever the environment says. A reader that closed its pipe is an error to
/// handle, not a death; and a static binary can't load the machine's name service plugins, so it must not look for any.
void prepare_process() {
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  __nss_configure_lookup("hosts", "files dns");
}

std::map<std::string, std::string> environment_variables() {
  std::map<std::string, std::string> variables;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view text = *variable;
    const auto equals = text.find('=');
    if (equals != std::string_view::npos) variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

}  // namespace

int main(int argc, char** argv) {
  prepare_process();
  try {
    const auto environment = environment_variables();
    // On Lambda the binary is called without arguments, as `bootstrap`; with some, it is somebody's command.
    if (argc == 1 && rekeyer::lambda::is_started_by_lambda(environment)) {
      return rekeyer::lambda::run_bootstrap(environment);
    }
    const auto parsed = parse_options(argc, argv);
    print(parsed.out);
    say(rekeyer::shown_lines(parsed.err));  // it quotes arguments, which a script may have from anywhere
    return parsed.options ? dispatch(*parsed.options) : parsed.exit_code;
  } catch (const std::exception& bug) {
    std::fprintf(stderr, "rekeyer: internal error: %s\nThis is a bug; please report it.\n",
                 rekeyer::shown_text(bug.what()).c_str());
    return exit_failed;
  }
}
