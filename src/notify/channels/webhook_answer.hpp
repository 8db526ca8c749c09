// What a webhook's answer of 2xx says. That a request was accepted does not mean that a message was delivered: chat
// services put their failures into the body, and login pages and proxies answer 200 to anything. Pure.
#pragma once

#include <optional>
#include <string_view>

#include "base/error.hpp"
#include "notify/model/settings.hpp"

namespace rekeyer::notify {

/// Why nothing was delivered although the status is 2xx.
struct WebhookRefusal {
  ErrorKind kind = ErrorKind::rejected;  ///< `throttled` and `server_fault`: a later try may succeed
  std::string_view what;                 ///< in our words; the service's own stand in the body
};

/// Nothing: the answer is the one that this kind of service gives to a message that it took.
/// - any: never a web page;
/// - slack: "ok", or JSON whose `ok` or `success` is true; an empty body, of relays;
/// - teams: "1" of a connector, or no body, of a workflow; JSON that tells no failure, of a workflow's own response;
/// - json: whatever is no web page.
std::optional<WebhookRefusal> refusal_in(WebhookBody service, std::string_view content_type, std::string_view body);

}  // namespace rekeyer::notify
