// Requests are written as they were signed: same order, same spelling, nothing added that a signature could cover.
#include "aws/http/request_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/json_text.hpp"
#include "base/text.hpp"

namespace rekeyer::aws {
namespace {

/// Names and values that could end a line early would let a value write headers of its own.
bool fit_for_a_line(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

bool printable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
}

bool is_token(std::string_view text) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !text.empty() &&
         std::ranges::all_of(text, [&](char c) { return is_alnum(c) || marks.find(c) != std::string_view::npos; });
}

bool announces_body(const HttpRequest& request) {
  return !request.body.empty() || request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
}

}  // namespace

std::optional<std::string> unsendable(const HttpRequest& request) {
  if (!is_token(request.method)) return fmt::format("{} is not an HTTP method", json_quoted(request.method));
  const auto target = request.url.target();
  if (!printable(target) || !target.starts_with('/')) return "its path or query is not percent-encoded";
  // A URL can also be put together from parts, such as a region out of a file.
  if (!printable(request.url.host) || request.url.host.empty()) return "its host is not a host name";
  for (const auto& field : request.headers.fields()) {
    if (!is_token(field.name)) return fmt::format("{} is not a header name", json_quoted(field.name));
    if (!fit_for_a_line(field.value)) return fmt::format("the header {} holds a line break", field.name);
    if (equal_ignoring_case(field.name, "Transfer-Encoding")) return "it names a transfer encoding";
  }
  return std::nullopt;
}

WipedString request_text(const HttpRequest& request, const ProxyServer* proxy) {
  WipedString text;
  text.reserve(1024 + request.body.size());
  const auto line = [&](auto... pieces) {
    ((text += pieces), ...);
    text += "\r\n";
  };
  line(std::string_view(request.method), " ",
       std::string_view(proxy != nullptr ? request.url.str() : request.url.target()), " HTTP/1.1");
  if (!request.headers.find("Host")) line("Host: ", std::string_view(request.url.host_header()));
  for (const auto& field : request.headers.fields()) {
    if (equal_ignoring_case(field.name, "Content-Length")) continue;
    line(std::string_view(field.name), ": ", std::string_view(field.value));
  }
  if (announces_body(request)) line("Content-Length: ", std::string_view(std::to_string(request.body.size())));
  if (proxy != nullptr && !proxy->authorization.empty()) {
    line("Proxy-Authorization: ", proxy->authorization.reveal());
  }
  text += "\r\n";
  text += request.body;
  return text;
}

}  // namespace rekeyer::aws
