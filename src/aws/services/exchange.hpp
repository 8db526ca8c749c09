// Calls whose reply is read into a value, in each protocol. A reply that can't be read is a failed attempt, never a
// success.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "aws/call/caller.hpp"
#include "aws/http/json.hpp"
#include "aws/http/json_writer.hpp"
#include "aws/http/query.hpp"
#include "aws/http/xml.hpp"

namespace rekeyer::aws {

/// The beginning of a query-protocol body.
QueryBody query_body(const Service& service, std::string_view operation);
Call query_call(const Service& service, std::string operation, QueryBody body, Idempotent idempotent = Idempotent::read,
                SignBefore sign_before = SignBefore::never());
/// `body`: an object, finished here.
Call json_call(const Service& service, std::string operation, JsonWriter body, Idempotent idempotent = Idempotent::read,
               SignBefore sign_before = SignBefore::never());

/// A call of a JSON service with a path for each operation. `body`: an object, finished here; an unused one is no body.
Call rest_json_call(const Service& service, std::string operation, RequestTarget target, JsonWriter body,
                    Idempotent idempotent = Idempotent::read);

/// The element `<operation>Result`; fails with `bad_reply` where the reply is another document. Takes the reply's body,
/// which may be megabytes, and so does query_acknowledged().
Result<XmlNode> query_result(HttpResponse& reply, std::string_view operation);
/// For operations without result: is this their acknowledgement?
Result<> query_acknowledged(HttpResponse& reply, std::string_view operation);
/// The object in the body; an empty body is an empty object, as operations without output send it.
Result<JsonValue> json_result(const HttpResponse& reply);

/// A text that must be there and not empty.
Result<std::string> required_text(const XmlNode& node, std::string_view path);
Result<std::string> required_text(const JsonValue& object, std::string_view name);
/// A text that may be absent.
Result<std::string> text_or_empty(const XmlNode& node, std::string_view path);
Result<std::string> text_or_empty(const JsonValue& object, std::string_view name);

/// Sends the call and gives what `read` makes of the reply.
template <class T>
ResultTask<T> exchange(Caller& caller, Principal principal, Call call, std::function<Result<T>(HttpResponse&)> read) {
  std::optional<T> value;
  call.read = [&value, &read](HttpResponse& reply) -> Result<> {
    auto result = read(reply);
    if (!result) return fail(std::move(result).error());
    value.emplace(*std::move(result));
    return {};
  };
  const auto reply = co_await caller.call(std::move(principal), std::move(call));
  if (!reply) co_return fail(reply.error());
  co_return *std::move(value);
}

/// The same for the query protocol: `read` gets the result element.
template <class T>
ResultTask<T> query_exchange(Caller& caller, Principal principal, Call call,
                             std::function<Result<T>(const XmlNode&)> read) {
  auto read_reply = [operation = call.operation, read = std::move(read)](HttpResponse& reply) -> Result<T> {
    const auto result = query_result(reply, operation);
    if (!result) return fail(result.error());
    return read(*result);
  };
  return exchange<T>(caller, std::move(principal), std::move(call), std::move(read_reply));
}

/// The same for JSON: `read` gets the object.
template <class T>
ResultTask<T> json_exchange(Caller& caller, Principal principal, Call call,
                            std::function<Result<T>(const JsonValue&)> read) {
  auto read_reply = [read = std::move(read)](const HttpResponse& reply) -> Result<T> {
    const auto result = json_result(reply);
    if (!result) return fail(result.error());
    return read(*result);
  };
  return exchange<T>(caller, std::move(principal), std::move(call), std::move(read_reply));
}

/// Operations that only acknowledge.
ResultTask<> query_command(Caller& caller, Principal principal, Call call);
ResultTask<> json_command(Caller& caller, Principal principal, Call call);

}  // namespace rekeyer::aws
