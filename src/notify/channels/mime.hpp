// A mail as it is handed to an SMTP server (RFC 5322, 2045, 2046, 2047). Pure: date and id are arguments.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/random.hpp"
#include "base/time.hpp"
#include "notify/model/channel.hpp"

namespace rekeyer::notify {

struct MailHeader {
  std::string from;                   ///< "Name <address>" or an address
  std::vector<std::string> reply_to;  ///< the same
  Instant date{};
  std::string message_id;  ///< without its angle brackets
};

/// Head and body with CRLF at each line's end, ASCII only, no line longer than 76 (an address may make one longer, up
/// to 998). Plain text and HTML as alternatives; plain text alone where there is no HTML. Fails with `rejected` where
/// an address can't be used, or where a line break or another control character stands in a header.
Result<std::string> mime_message(const Mail& mail, const MailHeader& header);

/// A new id, unique in the world: once for a mail, however often it is tried. `domain` is the sender's.
std::string new_message_id(Random& random, Instant now, std::string_view domain);

/// "Sun, 01 Mar 2026 00:00:00 +0000".
std::string mail_date(Instant instant);

/// Quoted-printable with CRLF line ends; LF and CRLF in the text are line ends, everything else is kept byte by byte.
std::string quoted_printable(std::string_view text);

}  // namespace rekeyer::notify
