// Error documents of every protocol. AWS's words reach people and logs, so they are made one line and kept free of
// signed text.
#include "aws/http/service_error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "aws/http/json.hpp"
#include "aws/http/xml.hpp"
#include "base/text.hpp"
#include "base/try.hpp"

namespace rekeyer::aws {
namespace {

constexpr std::size_t message_limit = 1024;
constexpr std::size_t code_limit = 128;

/// One line, bounded. A signature error quotes the canonical request, session token included: that part is cut off.
std::string presentable(std::string_view message) {
  const auto quoted = std::min(message.find("The Canonical String"), message.find("The String-to-Sign"));
  message = message.substr(0, quoted);
  std::string result;
  for (const char c : message.substr(0, message_limit)) {
    if (c != ' ' && !is_control(c)) {
      result += c;
    } else if (!result.empty() && result.back() != ' ') {
      result += ' ';
    }
  }
  while (result.ends_with(' ')) result.pop_back();
  if (message.size() > message_limit) result += "…";
  return result;
}

/// A code is one word; whatever else a server puts there is not shown.
std::string presentable_code(std::string_view code) {
  std::string result;
  for (const char c : sanitised_error_code(code).substr(0, code_limit)) {
    if (c > ' ' && c < 0x7f) result += c;
  }
  return result;
}

/// The first of the members that is a string.
std::string_view first_string(const JsonValue& object, std::initializer_list<std::string_view> names) {
  for (const auto name : names) {
    const auto text = object.optional_string(name);
    if (text && *text) return **text;
  }
  return {};
}

std::string_view text_or_empty(const XmlNode& node, std::string_view path) {
  const auto text = node.text(path);
  return text ? *text : std::string_view{};
}

ServiceError without_document(int status) {
  return {std::to_string(status), fmt::format("HTTP status {} without an AWS error document", status), {}};
}

}  // namespace

Result<ServiceError> read_xml_error(std::string_view body) {
  TRY(const auto root, XmlNode::parse(body));
  XmlNode error = root.name() == "Error" ? root : root.child("Error");
  if (!error) error = root.child("Errors/Error");
  TRY(const auto code, error.text("Code"));
  ServiceError result{presentable_code(code), presentable(text_or_empty(error, "Message")), {}};
  for (const auto& [node, name] : {std::pair{&root, "RequestId"}, {&root, "RequestID"}, {&error, "RequestId"}}) {
    if (result.request_id.empty()) result.request_id = presentable(text_or_empty(*node, name));
  }
  if (result.code.empty()) return fail(ErrorKind::bad_reply, "the reply is an error document without a code");
  return result;
}

Result<ServiceError> read_json_error(std::string_view body) {
  TRY(const auto root, JsonValue::parse(body));
  ServiceError result{presentable_code(first_string(root, {"__type", "code", "Code"})),
                      presentable(first_string(root, {"message", "Message", "errorMessage"})),
                      {}};
  if (result.code.empty()) return fail(ErrorKind::bad_reply, "the reply is an error document without a code");
  return result;
}

std::string_view sanitised_error_code(std::string_view code) {
  code = code.substr(0, code.find(':'));
  const auto hash = code.rfind('#');
  return hash == std::string_view::npos ? code : code.substr(hash + 1);
}

ServiceError read_service_error(ErrorFormat format, const HttpResponse& response) {
  const auto document = format == ErrorFormat::xml ? read_xml_error(response.body) : read_json_error(response.body);
  auto result = document.value_or(without_document(response.status));
  if (format == ErrorFormat::rest_json) {
    const auto header = response.headers.find("x-amzn-errortype");
    const auto code = presentable_code(header.value_or(std::string_view{}));
    if (!code.empty()) result.code = code;
    // The header may come with a body that has words but no code.
    const auto body = document ? Result<JsonValue>(fail(ErrorKind::bad_reply, {})) : JsonValue::parse(response.body);
    if (body) {
      const auto message = presentable(first_string(*body, {"message", "Message", "errorMessage"}));
      if (!message.empty()) result.message = message;
    }
  }
  if (const auto id = request_id(response.headers); !id.empty()) result.request_id = id;
  return result;
}

std::string request_id(const Headers& headers) {
  for (const std::string_view name : {"x-amzn-RequestId", "x-amz-request-id", "x-amzn-request-id"}) {
    if (const auto value = headers.find(name)) return presentable(*value);
  }
  return {};
}

}  // namespace rekeyer::aws
