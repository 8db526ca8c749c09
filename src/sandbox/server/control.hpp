// The sandbox's own API, for people and tests: POST /_sandbox/<command> with a JSON object, answered with JSON.
#pragma once

#include <boost/json/value.hpp>
#include <span>
#include <string_view>

#include "aws/http/message.hpp"
#include "sandbox/server/control_body.hpp"
#include "sandbox/server/sandbox_host.hpp"
#include "sandbox/server/tested_process.hpp"

namespace rekeyer::sandbox {

/// What a command may look at and change.
struct Controlled {
  SandboxHost& host;
  TestedProcess& tested_process;
  Sandbox& sandbox() const { return host.sandbox(); }
  World& world() const { return host.sandbox().world; }
};

using ControlReply = Result<boost::json::value>;

struct ControlCommand {
  std::string_view name;
  std::string_view purpose;                     ///< one line, for GET /_sandbox/
  ControlReply (*get)(const Controlled& over);  ///< null: POST only
  ControlReply (*post)(const Controlled& over, const ControlBody& body);
};

// One table a file.
std::span<const ControlCommand> world_commands();
std::span<const ControlCommand> account_commands();
std::span<const ControlCommand> fault_commands();
std::span<const ControlCommand> record_commands();

class Control {
 public:
  Control(SandboxHost& host, TestedProcess& tested_process) : controlled_{host, tested_process} {}

  /// 200 and the command's reply; 400 and {"error": a sentence} for anything that is wrong; 403 for a web page's
  /// request: a page that somebody happens to look at must not steer the sandbox.
  aws::HttpResponse handle(const aws::HttpRequest& request) const;

 private:
  ControlReply perform(const aws::HttpRequest& request) const;
  Controlled controlled_;
};

}  // namespace rekeyer::sandbox
