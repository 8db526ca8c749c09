#include "lambda/runtime_api.hpp"

#include <fmt/format.h>

#include <charconv>

#include "aws/http/json_writer.hpp"
#include "base/text.hpp"
#include "base/try.hpp"

namespace rekeyer::lambda {
namespace {

constexpr std::string_view version = "/2018-06-01";
constexpr std::size_t longest_answer = std::size_t{6} * 1024 * 1024;
/// The event that comes next may be a week away.
constexpr Milliseconds for_ever = std::chrono::days{365};

/// "access_denied" → "AccessDenied".
std::string camel_case(std::string_view words) {
  std::string result;
  bool first = true;
  for (const char c : words) {
    if (c == '_') {
      first = true;
      continue;
    }
    result += first ? upper(c) : c;
    first = false;
  }
  return result;
}

Result<std::string> required_header(const aws::HttpResponse& reply, std::string_view name) {
  const auto value = reply.headers.find(name);
  if (!value || value->empty()) return fail(ErrorKind::bad_reply, fmt::format("the runtime API sent no {}", name));
  return std::string(*value);
}

}  // namespace

FunctionError function_error(const Error& error) {
  return {fmt::format("rekeyer.{}", camel_case(name(error.kind))), describe(error)};
}

std::string to_json(const FunctionError& error) {
  aws::JsonWriter json;
  json.begin_object().member("errorMessage", error.message).member("errorType", error.type);
  json.begin_array("stackTrace").end().end();
  return json.finish_text();
}

Result<RuntimeApi> RuntimeApi::at(aws::Transport& transport, std::string_view authority) {
  auto url = aws::parse_url(fmt::format("http://{}", authority));
  if (!url) return fail(in_context(std::move(url).error(), "AWS_LAMBDA_RUNTIME_API"));
  url->path = version;
  return RuntimeApi(transport, *std::move(url));
}

aws::HttpRequest RuntimeApi::request(std::string method, std::string path) const {
  aws::HttpRequest request;
  request.method = std::move(method);
  request.url = base_;
  request.url.path += path;
  request.headers.set("Host", base_.host_header());
  request.use_proxy = false;
  return request;
}

ResultTask<Invocation> RuntimeApi::next() {
  auto asking = request("GET", "/runtime/invocation/next");
  asking.timeout = for_ever;
  asking.repeatable = true;  // an event that was lost on its way is delivered again by Lambda
  CO_TRY(const auto reply, co_await transport_->send(std::move(asking)));
  if (reply.status != 200) {
    co_return fail(ErrorKind::server_fault, fmt::format("the runtime API answers {} to next", reply.status));
  }
  Invocation invocation;
  CO_TRY(invocation.request_id, required_header(reply, "Lambda-Runtime-Aws-Request-Id"));
  CO_TRY(const auto deadline, required_header(reply, "Lambda-Runtime-Deadline-Ms"));
  std::int64_t milliseconds = 0;
  const auto [end, problem] = std::from_chars(deadline.data(), deadline.data() + deadline.size(), milliseconds);
  if (problem != std::errc() || end != deadline.data() + deadline.size()) {
    co_return fail(ErrorKind::bad_reply, "the runtime API sent a deadline that is no number");
  }
  invocation.deadline = Instant(Milliseconds(milliseconds));
  if (const auto trace = reply.headers.find("Lambda-Runtime-Trace-Id")) invocation.trace_id = std::string(*trace);
  invocation.event = std::string(std::string_view(reply.body));
  co_return invocation;
}

ResultTask<> RuntimeApi::post(std::string path, std::string body, std::optional<std::string> error_type) {
  auto posting = request("POST", std::move(path));
  posting.headers.set("Content-Type", "application/json");
  posting.headers.set("Content-Length", std::to_string(body.size()));
  if (error_type) posting.headers.set("Lambda-Runtime-Function-Error-Type", *error_type);
  posting.body = WipedString(body.begin(), body.end());
  CO_TRY(const auto reply, co_await transport_->send(std::move(posting)));
  if (reply.status == 413) co_return fail(ErrorKind::limit_exceeded, "the answer is longer than Lambda takes (6 MB)");
  if (reply.status >= 500) {
    co_return fail(ErrorKind::server_fault,
                   fmt::format("the runtime API answers {}: this container is of no more use", reply.status));
  }
  if (reply.status >= 300) {
    co_return fail(ErrorKind::rejected, fmt::format("the runtime API answers {}: {}", reply.status,
                                                    std::string_view(reply.body).substr(0, 200)));
  }
  co_return Result<>{};
}

ResultTask<> RuntimeApi::respond(std::string request_id, std::string answer) {
  if (answer.size() > longest_answer) {
    co_return fail(ErrorKind::limit_exceeded, "the answer is longer than Lambda takes (6 MB)");
  }
  co_return co_await post(fmt::format("/runtime/invocation/{}/response", request_id), std::move(answer), std::nullopt);
}

ResultTask<> RuntimeApi::report_error(std::string request_id, FunctionError error) {
  co_return co_await post(fmt::format("/runtime/invocation/{}/error", request_id), to_json(error), error.type);
}

ResultTask<> RuntimeApi::report_init_error(FunctionError error) {
  co_return co_await post("/runtime/init/error", to_json(error), error.type);
}

}  // namespace rekeyer::lambda
