// Reading proxy settings. A proxy's URL often holds a password, so no message repeats it.
#include "aws/http/proxy.hpp"

#include <fmt/format.h>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <charconv>
#include <utility>

#include "aws/http/query.hpp"
#include "base/base64.hpp"
#include "base/text.hpp"
#include "base/try.hpp"

namespace rekeyer::aws {
namespace {

namespace ip = boost::asio::ip;

std::unexpected<Error> wrong_proxy(std::string_view variable, std::string_view why) {
  return fail(ErrorKind::usage, fmt::format("{} is not a usable proxy URL: {}", variable, why));
}

/// "user:password" → "Basic …".
Result<Secret> basic_authorization(std::string_view user_info, std::string_view variable) {
  auto plain = percent_decode(user_info);
  if (!plain) return wrong_proxy(variable, "its user name or password has a \"%\" that is not percent-encoding");
  if (plain->find(':') == std::string::npos) *plain += ':';
  auto encoded = base64_encode(*plain);
  auto value = "Basic " + encoded;
  Secret result(value);
  for (auto* text : {&*plain, &encoded, &value}) wipe(text->data(), text->size());
  return result;
}

std::optional<ip::address> as_address(std::string_view text) {
  if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
  boost::system::error_code failure;
  auto address = ip::make_address(std::string(text), failure);
  if (failure) return std::nullopt;
  // ::ffff:10.0.0.1 is 10.0.0.1.
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    address = ip::make_address_v4(ip::v4_mapped, address.to_v6());
  }
  return address;
}

bool in_network(const ip::address& address, std::string_view network) {
  const std::string text(network);
  boost::system::error_code failure;
  if (address.is_v4()) {
    const auto range = ip::make_network_v4(text, failure);
    return !failure && ip::network_v4(address.to_v4(), range.prefix_length()).canonical() == range.canonical();
  }
  const auto range = ip::make_network_v6(text, failure);
  return !failure && ip::network_v6(address.to_v6(), range.prefix_length()).canonical() == range.canonical();
}

/// Takes ":port" off a name, a v4 address or a bracketed v6 address; a bare v6 address has none.
std::optional<std::uint16_t> take_port(std::string_view& entry) {
  const auto colon = entry.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const bool bare_ipv6 = entry.find(':') != colon && !entry.starts_with('[');
  if (bare_ipv6 || entry.ends_with(']')) return std::nullopt;
  const auto digits = entry.substr(colon + 1);
  std::uint16_t port = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (failure != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  entry = entry.substr(0, colon);
  return port;
}

bool is_host_or_subdomain(std::string_view host, std::string_view domain) {
  if (host.size() < domain.size() || !equal_ignoring_case(host.substr(host.size() - domain.size()), domain))
    return false;
  return host.size() == domain.size() || host[host.size() - domain.size() - 1] == '.';
}

bool entry_matches(std::string_view entry, const Url& url) {
  if (entry == "*") return true;
  const auto host_address = as_address(url.host);
  if (entry.find('/') != std::string_view::npos) return host_address && in_network(*host_address, entry);
  const auto port = take_port(entry);
  if (port && *port != url.port) return false;
  if (const auto address = as_address(entry)) return host_address == address;
  if (entry.starts_with("*.")) entry.remove_prefix(1);
  if (entry.starts_with('.')) entry.remove_prefix(1);
  return !entry.empty() && !host_address && is_host_or_subdomain(url.host, entry);
}

}  // namespace

Result<ProxyServer> parse_proxy(std::string_view text, std::string_view variable) {
  const auto separator = text.find("://");
  const std::string scheme(separator == std::string_view::npos ? "http" : text.substr(0, separator));
  auto rest = separator == std::string_view::npos ? text : text.substr(separator + 3);
  if (!equal_ignoring_case(scheme, "http") && !equal_ignoring_case(scheme, "https")) {
    return wrong_proxy(variable, "only http:// and https:// proxies are supported");
  }
  ProxyServer result;
  // The last "@": a password may hold one that is not percent-encoded.
  if (const auto at = rest.rfind('@'); at != std::string_view::npos) {
    TRY(result.authorization, basic_authorization(rest.substr(0, at), variable));
    rest.remove_prefix(at + 1);
  }
  auto url = parse_url(scheme + "://" + std::string(rest));
  if (!url) return wrong_proxy(variable, "its host or port is missing or malformed (expected http://host:port)");
  if (url->path != "/" || !url->query.empty()) return wrong_proxy(variable, "it must not have a path");
  result.url = *std::move(url);
  return result;
}

Result<ProxySettings> ProxySettings::from_environment(const Environment& environment) {
  const auto read = [&](std::string_view lower, std::string_view upper) {
    auto value = environment(lower);
    if (value) return std::pair{*std::move(value), lower};
    return std::pair{environment(upper).value_or(std::string()), upper};
  };
  ProxySettings settings;
  if (const auto [text, variable] = read("http_proxy", "HTTP_PROXY"); !text.empty()) {
    TRY(settings.for_http, parse_proxy(text, variable));
  }
  if (const auto [text, variable] = read("https_proxy", "HTTPS_PROXY"); !text.empty()) {
    TRY(settings.for_https, parse_proxy(text, variable));
  }
  settings.no_proxy = read("no_proxy", "NO_PROXY").first;
  return settings;
}

const ProxyServer* ProxySettings::choose(const Url& url) const {
  const auto& proxy = url.scheme == "https" ? for_https : for_http;
  return proxy && !matches_no_proxy(no_proxy, url) ? &*proxy : nullptr;
}

bool matches_no_proxy(std::string_view list, const Url& url) {
  while (!list.empty()) {
    const auto end = list.find_first_of(", \t");
    const auto entry = list.substr(0, end);
    if (!entry.empty() && entry_matches(entry, url)) return true;
    list = end == std::string_view::npos ? std::string_view{} : list.substr(end + 1);
  }
  return false;
}

}  // namespace rekeyer::aws
