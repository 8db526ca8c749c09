// Which requests go through a proxy: HTTPS_PROXY, HTTP_PROXY and NO_PROXY as curl, Python and Go read them.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/http/message.hpp"
#include "base/secret.hpp"

namespace rekeyer::aws {

struct ProxyServer {
  Url url;               ///< scheme, host and port; https means TLS to the proxy itself
  Secret authorization;  ///< the value of Proxy-Authorization; empty where the proxy's URL has no user
};

/// "http://user:password@host:port" (percent-encoded user and password; without a scheme it is http://). Fails with
/// `usage` and never repeats the text, which may hold the password; `variable` says where it came from.
Result<ProxyServer> parse_proxy(std::string_view text, std::string_view variable);

struct ProxySettings {
  /// Reads an environment variable; nothing where it is not set.
  using Environment = std::function<std::optional<std::string>(std::string_view name)>;

  std::optional<ProxyServer> for_http;
  std::optional<ProxyServer> for_https;
  std::string no_proxy;

  /// The lower-case name of a variable wins over the upper-case one, and an empty value means no proxy.
  static Result<ProxySettings> from_environment(const Environment& environment);
  /// The proxy for that URL, by its scheme; nullptr means direct. Loopback is not special: list it in NO_PROXY.
  const ProxyServer* choose(const Url& url) const;
};

/// Whether a NO_PROXY list names the URL's host: "*", a name (its subdomains too, leading dot or not), an address, a
/// network in CIDR form, each with an optional ":port"; separated by commas or blanks. Names are not resolved.
bool matches_no_proxy(std::string_view list, const Url& url);

}  // namespace rekeyer::aws
