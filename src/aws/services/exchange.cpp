// The protocols' envelopes.
#include "aws/services/exchange.hpp"

#include <fmt/format.h>

#include "base/try.hpp"

namespace rekeyer::aws {

QueryBody query_body(const Service& service, std::string_view operation) {
  return QueryBody(operation, service.api_version);
}

namespace {

/// Of a protocol that has one target for all operations.
Call posted(const Service& service, std::string operation, std::string_view content_type, WipedString body,
            Idempotent idempotent) {
  Call call;
  call.service = &service;
  call.operation = std::move(operation);
  call.idempotent = idempotent;
  call.content_type = content_type;
  call.body = std::move(body);
  return call;
}

}  // namespace

Call query_call(const Service& service, std::string operation, QueryBody body, Idempotent idempotent,
                SignBefore sign_before) {
  auto call = posted(service, std::move(operation), QueryBody::content_type, body.finish(), idempotent);
  call.sign_before = sign_before;
  return call;
}

Call json_call(const Service& service, std::string operation, JsonWriter body, Idempotent idempotent,
               SignBefore sign_before) {
  auto call = posted(service, std::move(operation), "application/x-amz-json-1.1", body.finish(), idempotent);
  call.sign_before = sign_before;
  return call;
}

Call rest_json_call(const Service& service, std::string operation, RequestTarget target, JsonWriter body,
                    Idempotent idempotent) {
  Call call;
  call.service = &service;
  call.operation = std::move(operation);
  call.idempotent = idempotent;
  call.target = std::move(target);
  call.body = body.finish();
  if (!call.body.empty()) call.content_type = "application/json";
  return call;
}

namespace {

Result<XmlNode> envelope(HttpResponse& reply, std::string_view operation) {
  TRY(auto root, XmlNode::parse(std::move(reply.body)));
  const auto name = root.name();
  if (!name.starts_with(operation) || name.substr(operation.size()) != "Response") {
    return fail(ErrorKind::bad_reply, fmt::format("the reply is not {}'s", operation));
  }
  return root;
}

}  // namespace

Result<XmlNode> query_result(HttpResponse& reply, std::string_view operation) {
  TRY(const auto root, envelope(reply, operation));
  return root.required(fmt::format("{}Result", operation));
}

Result<> query_acknowledged(HttpResponse& reply, std::string_view operation) {
  TRY_VOID(envelope(reply, operation));
  return {};
}

Result<JsonValue> json_result(const HttpResponse& reply) {
  const std::string_view body = reply.body;
  TRY(auto value, JsonValue::parse(body.empty() ? std::string_view("{}") : body));
  if (!value.is_object()) return fail(ErrorKind::bad_reply, "the reply is JSON, but not an object");
  return value;
}

Result<std::string> required_text(const XmlNode& node, std::string_view path) {
  TRY(const auto text, node.text(path));
  if (text.empty()) return fail(ErrorKind::bad_reply, fmt::format("{} is empty in the reply", path));
  return std::string(text);
}

Result<std::string> required_text(const JsonValue& object, std::string_view name) {
  TRY(const auto text, object.string(name));
  if (text.empty()) return fail(ErrorKind::bad_reply, fmt::format("{} is empty in the reply", name));
  return std::string(text);
}

Result<std::string> text_or_empty(const XmlNode& node, std::string_view path) {
  TRY(const auto text, node.optional_text(path));
  return std::string(text.value_or(std::string_view{}));
}

Result<std::string> text_or_empty(const JsonValue& object, std::string_view name) {
  TRY(const auto text, object.optional_string(name));
  return std::string(text.value_or(std::string_view{}));
}

namespace {

/// For a call whose reply says nothing but that it was done.
ResultTask<> done(Caller& caller, Principal principal, Call call) {
  const auto reply = co_await caller.call(std::move(principal), std::move(call));
  if (!reply) co_return fail(reply.error());
  co_return Result<>{};
}

}  // namespace

ResultTask<> query_command(Caller& caller, Principal principal, Call call) {
  call.read = [operation = call.operation](HttpResponse& reply) { return query_acknowledged(reply, operation); };
  return done(caller, std::move(principal), std::move(call));
}

ResultTask<> json_command(Caller& caller, Principal principal, Call call) {
  call.read = [](const HttpResponse& reply) -> Result<> {
    TRY_VOID(json_result(reply));
    return {};
  };
  return done(caller, std::move(principal), std::move(call));
}

}  // namespace rekeyer::aws
