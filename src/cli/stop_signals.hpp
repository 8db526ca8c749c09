// Which signals ask a command to stop in good order.
#pragma once

#include <vector>

namespace rekeyer::cli {

/// SIGINT and SIGTERM; and SIGHUP (the terminal or the SSH session went away) and SIGQUIT, unless the process was
/// started to ignore them, as nohup does.
std::vector<int> stop_signals();

/// Does another one end the process at once? A hang-up doesn't: the kernel and a shell each send one for the same
/// event.
bool insists(int signal);

}  // namespace rekeyer::cli
