// Header fields and URLs. A URL is checked hard when it is read, so that nothing later can smuggle a line into a
// request.
#include "aws/http/message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/json_text.hpp"
#include "base/text.hpp"

namespace rekeyer::aws {
namespace {

std::uint16_t default_port(std::string_view scheme) { return scheme == "http" ? 80 : 443; }

std::unexpected<Error> wrong_url(std::string_view text, std::string_view why) {
  return fail(ErrorKind::usage, fmt::format("{} is not a usable URL: {}", json_quoted(text), why));
}

bool plausible_host_name(std::string_view host) {
  if (host.empty() || host.size() > 253 || host.front() == '.' || host.front() == '-') return false;
  return std::ranges::all_of(host, [](char c) { return is_alnum(c) || c == '-' || c == '.' || c == '_'; });
}

bool plausible_ipv6(std::string_view host) {
  if (host.find(':') == std::string_view::npos) return false;
  return std::ranges::all_of(host, [](char c) { return hex_value(c) >= 0 || c == ':' || c == '.'; });
}

/// The authority's two halves; the brackets of an IPv6 address are gone.
struct Authority {
  std::string_view host;
  std::optional<std::string_view> port;
};

std::optional<Authority> split_authority(std::string_view text) {
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    const auto host = text.substr(1, end - 1);
    const auto rest = text.substr(end + 1);
    if (!plausible_ipv6(host)) return std::nullopt;
    if (rest.empty()) return Authority{host, std::nullopt};
    if (rest.front() != ':') return std::nullopt;
    return Authority{host, rest.substr(1)};
  }
  const auto colon = text.find(':');
  const auto host = text.substr(0, colon);
  if (!plausible_host_name(host)) return std::nullopt;
  if (colon == std::string_view::npos) return Authority{host, std::nullopt};
  return Authority{host, text.substr(colon + 1)};
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (failure != std::errc{} || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

/// Only what may stand on a request line: printable ASCII without space.
bool fit_for_request_line(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
}

}  // namespace

Headers& Headers::operator=(Headers other) noexcept {
  fields_.swap(other.fields_);
  return *this;
}

Headers::~Headers() {
  for (auto& field : fields_) wipe(field.value.data(), field.value.size());
}

void Headers::add(std::string_view name, std::string_view value) {
  fields_.push_back({std::string(name), std::string(value)});
}

void Headers::set(std::string_view name, std::string_view value) {
  // Copied first: both may be views into the field that goes.
  Field field{std::string(name), std::string(value)};
  remove(field.name);
  fields_.push_back(std::move(field));
}

void Headers::remove(std::string_view name) {
  const auto named = [name](const Field& field) { return equal_ignoring_case(field.name, name); };
  for (auto& field : fields_) {
    if (named(field)) wipe(field.value.data(), field.value.size());
  }
  std::erase_if(fields_, named);
}

std::optional<std::string_view> Headers::find(std::string_view name) const {
  for (const auto& field : fields_) {
    if (equal_ignoring_case(field.name, name)) return field.value;
  }
  return std::nullopt;
}

std::string Url::host_header() const {
  const bool ipv6 = host.find(':') != std::string::npos;
  std::string result = ipv6 ? "[" + host + "]" : host;
  if (port != default_port(scheme)) result += ":" + std::to_string(port);
  return result;
}

std::string Url::target() const { return query.empty() ? path : path + "?" + query; }

std::string Url::str() const { return scheme + "://" + host_header() + target(); }

Result<Url> parse_url(std::string_view text) {
  const auto separator = text.find("://");
  Url url;
  url.scheme = separator == std::string_view::npos ? "" : lower_case(text.substr(0, separator));
  const bool known_scheme = url.scheme == "http" || url.scheme == "https";
  const auto rest = separator == std::string_view::npos ? text : text.substr(separator + 3);
  const auto authority_end = rest.find_first_of("/?#\\");
  const auto authority_text = rest.substr(0, authority_end);
  const auto target = authority_end == std::string_view::npos ? std::string_view{} : rest.substr(authority_end);
  if (authority_text.find('@') != std::string_view::npos ||
      (!known_scheme && text.find('@') != std::string_view::npos)) {
    return fail(ErrorKind::usage, "a URL with a user name or password (an \"@\" before the host) is not accepted here");
  }
  if (!known_scheme) return wrong_url(text, "it must start with http:// or https://");
  if (!fit_for_request_line(text)) {
    return wrong_url(text, "it holds a space, a control character or a character outside ASCII; percent-encode it");
  }
  if (text.find('#') != std::string_view::npos) return wrong_url(text, "it must not have a fragment (#)");
  const auto authority = split_authority(authority_text);
  if (!authority) return wrong_url(text, "its host is missing or malformed");
  url.host = lower_case(authority->host);
  url.port = default_port(url.scheme);
  if (authority->port) {
    const auto port = parse_port(*authority->port);
    if (!port) return wrong_url(text, "its port must be a number from 1 to 65535");
    url.port = *port;
  }
  const auto question = target.find('?');
  url.path = target.substr(0, question);
  if (url.path.empty()) url.path = "/";
  if (url.path.front() != '/') return wrong_url(text, "its path must start with /");
  if (question != std::string_view::npos) url.query = target.substr(question + 1);
  return url;
}

}  // namespace rekeyer::aws
