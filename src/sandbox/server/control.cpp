#include "sandbox/server/control.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <exception>
#include <vector>

#include "base/try.hpp"

namespace rekeyer::sandbox {
namespace {

constexpr std::string_view prefix = "/_sandbox/";

std::vector<const ControlCommand*> all_commands() {
  std::vector<const ControlCommand*> all;
  for (const auto& table : {world_commands(), account_commands(), fault_commands(), record_commands()}) {
    for (const auto& command : table) all.push_back(&command);
  }
  return all;
}

boost::json::value index() {
  boost::json::object commands;
  for (const auto* const command : all_commands()) {
    const auto methods = command->get == nullptr ? "POST" : command->post == nullptr ? "GET" : "GET, POST";
    commands[command->name] = fmt::format("{}: {}", methods, command->purpose);
  }
  return commands;
}

Result<const ControlCommand*> find(std::string_view name) {
  std::vector<std::string_view> names;
  for (const auto* const command : all_commands()) {
    if (command->name == name) return command;
    names.push_back(command->name);
  }
  return fail(ErrorKind::usage,
              fmt::format("there is no control call `{}`; there are {}", name, fmt::join(names, ", ")));
}

Result<boost::json::object> parse_body(std::string_view body) {
  if (body.empty()) return boost::json::object{};
  boost::system::error_code broken;
  auto document = boost::json::parse(boost::json::string_view(body.data(), body.size()), broken);
  if (broken) return fail(ErrorKind::usage, "the body is not JSON: " + broken.message());
  auto* const object = document.if_object();
  if (object == nullptr) return fail(ErrorKind::usage, "the body must be a JSON object");
  return std::move(*object);
}

/// Browsers say where a page is from when it posts, and a page that came by a name of its own says that name.
bool from_a_web_page(const aws::HttpRequest& request) {
  const auto& host = request.url.host;
  return request.headers.find("origin") || !(host == "localhost" || host == "::1" || host.starts_with("127."));
}

aws::HttpResponse json_reply(int status, const boost::json::value& document) {
  aws::HttpResponse response;
  response.status = status;
  response.headers.add("Content-Type", "application/json");
  response.body = WipedString(boost::json::serialize(document)) + "\n";
  return response;
}

boost::json::value error_document(std::string_view sentence) { return boost::json::object{{"error", sentence}}; }

}  // namespace

aws::HttpResponse Control::handle(const aws::HttpRequest& request) const {
  if (from_a_web_page(request))
    return json_reply(403, error_document("control calls come from this machine's programs"));
  try {
    const auto reply = perform(request);
    if (!reply) return json_reply(400, error_document(reply.error().message));
    return json_reply(200, *reply);
  } catch (const std::exception& bug) {  // a bug; the caller is a test or a person, who must see it
    return json_reply(400, error_document(std::string("the sandbox has a bug: ") + bug.what()));
  }
}

ControlReply Control::perform(const aws::HttpRequest& request) const {
  const auto name = std::string_view(request.url.path).substr(prefix.size());
  if (name.empty()) return index();
  TRY(const auto* const command, find(name));
  if (request.method == "GET") {
    if (command->get != nullptr) return command->get(controlled_);
    return fail(ErrorKind::usage, fmt::format("{} takes a POST with a JSON object: {}", name, command->purpose));
  }
  if (request.method != "POST") return fail(ErrorKind::usage, "control calls are GET or POST");
  if (command->post == nullptr) {
    if (request.body.empty() || request.body == "{}") return command->get(controlled_);
    return fail(ErrorKind::usage, fmt::format("{} can only be read", name));
  }
  TRY(const auto members, parse_body(request.body));
  auto reply = command->post(controlled_, ControlBody(members));
  if (!reply) return fail(in_context(std::move(reply).error(), name));
  return reply;
}

}  // namespace rekeyer::sandbox
