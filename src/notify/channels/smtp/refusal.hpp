// What a refusal by an SMTP server means for the mail: never, later, or somebody has to correct a setting. Pure.
#pragma once

#include <string_view>

#include "base/error.hpp"
#include "notify/channels/smtp/reply.hpp"

namespace rekeyer::notify {

/// Where in the conversation. Only a refusal in the middle of a mail says anything of that mail.
enum class SmtpPhase {
  session,         ///< greeting, EHLO, STARTTLS: the server does not want to talk
  authentication,  ///< AUTH
  mail,            ///< MAIL FROM, RCPT TO, DATA and after it
};

/// The server's words are repeated, but those to AUTH.
/// - `throttled`: a later try may succeed (any 4xx; 454 and 421 are what SES and Exchange say for rate);
/// - `credentials_invalid`: 535 and its like, with a hint at the parameters;
/// - `rejected`: a 5xx of the mail phase (550, 551, 553, 554), with the server's words;
/// - `not_sent`: a 5xx before any mail.
/// `server` is "host:port", `what` what was refused ("the recipient a@b").
Error refusal(const SmtpReply& reply, SmtpPhase phase, std::string_view server, std::string_view what);

}  // namespace rekeyer::notify
