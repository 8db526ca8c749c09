// A request as it stands on the wire, and what must never get there.
#pragma once

#include <optional>
#include <string>

#include "aws/http/message.hpp"
#include "aws/http/proxy.hpp"

namespace rekeyer::aws {

/// Says what is wrong with a request that must not go on the wire: a header that could end its line early, a target
/// that is not percent-encoded, a transfer encoding of the caller's own. Nothing: it may go.
std::optional<std::string> unsendable(const HttpRequest& request);

/// Head and body. Host and Content-Length are added (a Content-Length of the caller's is replaced). `proxy` is given
/// where an http:// proxy forwards the request: then the target is the whole URL, and the proxy's authorization is
/// added.
WipedString request_text(const HttpRequest& request, const ProxyServer* proxy);

}  // namespace rekeyer::aws
