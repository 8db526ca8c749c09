// rekeyer's entry: parse, run, exit code.
#include <nss.h>
#include <sys/resource.h>

#include <csignal>
#include <cstdio>
#include <exception>

#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/terminal.hpp"

namespace {

using namespace rekeyer::cli;

int dispatch(const Options& options) {
  switch (options.command) {
    case Command::plan: return run_plan(options);
    case Command::apply:
    case Command::rotate: return run_apply(options);
    case Command::explain: return run_explain(options);
    case Command::config_check: return run_config_check(options);
    case Command::config_init: return run_config_init(options);
    case Command::sandbox_serve: return run_sandbox_serve(options);
    case Command::sandbox_generate: return run_sandbox_generate(options);
    case Command::rehearse: return run_rehearse(options);
    case Command::notify_preview: return run_notify_preview(options);
    case Command::notify_test: return run_notify_test(options);
    case Command::completion: return run_completion(options);
    case Command::manual: return run_manual(options);
  }
  return exit_usage;
}

/// A core dump would hold secrets (I7); a reader that closed its pipe is an error to handle, not a death; and a static
/// binary can't load the machine's name service plugins, so it must not look for any.
void prepare_process() {
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  std::signal(SIGPIPE, SIG_IGN);
  __nss_configure_lookup("hosts", "files dns");
}

}  // namespace

int main(int argc, char** argv) {
  prepare_process();
  try {
    const auto parsed = parse_options(argc, argv);
    print(parsed.out);
    say(parsed.err);
    return parsed.options ? dispatch(*parsed.options) : parsed.exit_code;
  } catch (const std::exception& bug) {
    std::fprintf(stderr, "rekeyer: internal error: %s\nThis is a bug; please report it.\n", bug.what());
    return exit_failed;
  }
}
