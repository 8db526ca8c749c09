#include "aws/auth/process_provider.hpp"

#include <fmt/format.h>

#include "aws/auth/child_process.hpp"
#include "aws/auth/command_line.hpp"
#include "aws/auth/credential_parts.hpp"
#include "aws/http/json.hpp"
#include "base/try.hpp"

namespace rekeyer::aws {
namespace {

constexpr Milliseconds look_every{10};

}  // namespace

ProcessProvider::ProcessProvider(std::vector<std::string> arguments, Clock& clock, std::string origin,
                                 Milliseconds timeout)
    : arguments_(std::move(arguments)), clock_(clock), origin_(std::move(origin)), timeout_(timeout) {}

/// Only the program's name: its arguments may be secret.
std::string ProcessProvider::describe() const {
  return fmt::format("{}: credential_process {}", origin_, arguments_.front());
}

ResultTask<SharedCredentials> ProcessProvider::get() {
  auto child = ChildProcess::start(arguments_);
  if (!child) co_return fail(in_context(std::move(child).error(), describe()));
  const auto deadline = clock_.now() + timeout_;
  while (!child->poll()) {
    if (child->too_much()) break;
    if (clock_.now() >= deadline) {
      co_return failed(
          fmt::format("was stopped after {} without an answer", describe_period(std::chrono::ceil<Period>(timeout_))),
          child->errors());
    }
    co_await clock_.sleep_for(look_every);
  }
  if (child->too_much()) co_return failed("wrote more than 64 KiB", {});
  if (!child->succeeded()) co_return failed(fmt::format("ended with {}", child->ending()), child->errors());
  co_return read(child->output());
}

std::unexpected<Error> ProcessProvider::failed(std::string_view how, std::string_view errors) const {
  return fail(ErrorKind::usage, fmt::format("{} {}{}{}", describe(), how, errors.empty() ? "" : "; it said: ", errors));
}

Result<SharedCredentials> ProcessProvider::read(std::string_view output) const {
  const auto origin = describe();
  const auto object = JsonValue::parse(output);
  if (!object) return fail(in_context(object.error(), origin));
  const auto version = object->integer("Version");
  if (!version) return fail(in_context(version.error(), origin));
  if (*version != 1) {
    return fail(ErrorKind::bad_reply,
                fmt::format("{}: its answer is of version {}, only 1 is known", origin, *version));
  }
  return read_credential_document(output, {"SessionToken", false, false}, origin);
}

Result<std::vector<std::string>> read_credential_process(const Section& profile) {
  TRY(const auto command, profile.text("credential_process"));
  if (command.empty()) return std::vector<std::string>{};
  auto arguments = split_command_line(command);
  if (!arguments) {
    return fail(in_context(std::move(arguments).error(),
                           fmt::format("{}: credential_process", profile.find("credential_process")->place())));
  }
  return arguments;
}

}  // namespace rekeyer::aws
