// Between the wire and messages: a request as it stood on its line, a reply's head as bytes.
#pragma once

#include <string>
#include <string_view>

#include "aws/http/message.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"

namespace rekeyer::sandbox {

/// Where a request line's target and the Host header lead: path and query exactly as sent, since signatures hold them.
aws::Url requested_url(std::string_view target, std::string_view host);

/// Status line and header fields of a reply, down to the empty line; Date, Content-Length and Connection are the
/// server's own and replace those of the reply.
WipedString reply_head(const aws::HttpResponse& reply, Instant now, bool keep_alive);

}  // namespace rekeyer::sandbox
