// One connection to the sandbox: HTTP/1.1 requests, one after the other, until one side has had enough.
#pragma once

#include <boost/asio/ip/tcp.hpp>

#include "base/task.hpp"
#include "sandbox/server/control.hpp"
#include "sandbox/server/sandbox_host.hpp"
#include "sandbox/server/tested_process.hpp"

namespace rekeyer::sandbox {

/// What it serves outlives every connection.
struct Room {
  SandboxHost& host;
  TestedProcess& tested_process;
  Control& control;
};

/// Requests under /_sandbox/ are control calls, all others are the emulated AWS's.
Task<void> serve_connection(boost::asio::ip::tcp::socket socket, Room room);

}  // namespace rekeyer::sandbox
