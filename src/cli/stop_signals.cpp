#include "cli/stop_signals.hpp"

#include <csignal>

namespace rekeyer::cli {

std::vector<int> stop_signals() {
  std::vector<int> signals{SIGINT, SIGTERM};
  for (const int each : {SIGHUP, SIGQUIT}) {
    struct sigaction now{};
    const bool ignored = sigaction(each, nullptr, &now) == 0 && now.sa_handler == SIG_IGN;
    if (!ignored) signals.push_back(each);
  }
  return signals;
}

bool insists(int signal) { return signal != SIGHUP; }

}  // namespace rekeyer::cli
