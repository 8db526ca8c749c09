#include "notify/channels/smtp/refusal.hpp"

#include <fmt/format.h>

namespace rekeyer::notify {
namespace {

/// 530: authentication required; 534, 538: not with this mechanism; 535: wrong.
bool is_about_credentials(int code) { return code == 530 || code == 534 || code == 535 || code == 538; }

}  // namespace

Error refusal(const SmtpReply& reply, SmtpPhase phase, std::string_view server, std::string_view what) {
  Error error;
  error.code = reply.enhanced.empty() ? std::to_string(reply.code) : fmt::format("{} {}", reply.code, reply.enhanced);
  // The words of an answer to a password may be the password, in whatever form: the code tells enough.
  const auto words = phase == SmtpPhase::authentication ? std::string() : fmt::format(": \"{}\"", reply.words());
  error.message = fmt::format("{} refused {}{}", server, what, words);
  if (reply.code < 400) {
    error.kind = phase == SmtpPhase::mail ? ErrorKind::rejected : ErrorKind::not_sent;
    error.message = fmt::format("{} gave an unexpected reply to {}{}", server, what, words);
  } else if (reply.code < 500) {
    error.kind = ErrorKind::throttled;
  } else if (is_about_credentials(reply.code)) {
    error.kind = ErrorKind::credentials_invalid;
    error.message +=
        "; check the parameters that user_parameter and password_parameter name (for SES: SMTP credentials of the same "
        "region, whose password is not the secret access key)";
  } else {
    error.kind = phase == SmtpPhase::mail ? ErrorKind::rejected : ErrorKind::not_sent;
  }
  return error;
}

}  // namespace rekeyer::notify
