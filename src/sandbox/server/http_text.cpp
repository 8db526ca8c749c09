#include "sandbox/server/http_text.hpp"

#include <fmt/format.h>

#include <charconv>

#include "base/text.hpp"
#include "sandbox/wire/reply.hpp"

namespace rekeyer::sandbox {
namespace {

bool is_the_doors(std::string_view name) {
  for (const auto own : {"date", "content-length", "connection", "transfer-encoding"}) {
    if (equal_ignoring_case(name, own)) return true;
  }
  return false;
}

std::string_view reason(int status) {
  switch (status) {
    case 200: return "OK";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 301: return "Moved Permanently";
    case 400: return "Bad Request";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 413: return "Content Too Large";
    case 500: return "Internal Server Error";
    case 503: return "Service Unavailable";
    default: return status < 400 ? "OK" : "Error";
  }
}

}  // namespace

aws::Url requested_url(std::string_view target, std::string_view host) {
  aws::Url url;
  url.scheme = "http";
  url.port = 80;
  const auto bracket = host.rfind(']');
  const auto colon = host.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (colon != std::string_view::npos) {
    std::from_chars(host.data() + colon + 1, host.data() + host.size(), url.port);
    host = host.substr(0, colon);
  }
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  url.host = host;
  if (target.starts_with("http://")) {  // as to a proxy
    const auto path = target.find('/', 7);
    target = path == std::string_view::npos ? "/" : target.substr(path);
  }
  const auto question = target.find('?');
  url.path = target.substr(0, question);
  if (question != std::string_view::npos) url.query = target.substr(question + 1);
  return url;
}

WipedString reply_head(const aws::HttpResponse& reply, Instant now, bool keep_alive) {
  WipedString head;
  auto out = std::back_inserter(head);
  // The reply to HEAD says how long the body is that it does not bring.
  const auto stated = reply.body.empty() ? reply.headers.find("Content-Length") : std::nullopt;
  fmt::format_to(out, "HTTP/1.1 {} {}\r\nDate: {}\r\nContent-Length: {}\r\n", reply.status, reason(reply.status),
                 http_date(now), stated ? std::string(*stated) : std::to_string(reply.body.size()));
  for (const auto& field : reply.headers.fields()) {
    if (!is_the_doors(field.name)) fmt::format_to(out, "{}: {}\r\n", field.name, field.value);
  }
  fmt::format_to(out, "Connection: {}\r\n\r\n", keep_alive ? "keep-alive" : "close");
  return head;
}

}  // namespace rekeyer::sandbox
