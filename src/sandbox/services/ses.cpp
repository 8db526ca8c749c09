// SES: its table of operations, and what mail may go out under which address.
#include "sandbox/services/ses.hpp"

#include <algorithm>

#include "sandbox/world/mail_address.hpp"

namespace rekeyer::sandbox {

bool is_version_two(const Call& call) { return call.protocol == Protocol::rest_json; }

std::unexpected<ServiceError> bad_mail_request(const Call& call, std::string message) {
  return refuse(is_version_two(call) ? "BadRequestException" : "InvalidParameterValue", std::move(message));
}

bool is_verified(const Messages& messages, std::string_view address) {
  return std::ranges::any_of(identities_for(address), [&messages](const std::string& name) {
    const auto found = messages.identities.find(name);
    return found != messages.identities.end() && found->second.verified;
  });
}

std::size_t sent_last_day(const Messages& messages, Instant now) {
  std::size_t recipients = 0;
  // Mails are in the order in which they were sent.
  for (auto mail = messages.mails.rbegin(); mail != messages.mails.rend(); ++mail) {
    if (mail->at + std::chrono::hours(24) <= now) break;
    recipients += mail->to.size() + mail->cc.size() + mail->bcc.size();
  }
  return recipients;
}

MailQuota mail_quota(const Messages& messages) {
  return messages.mail_sandbox ? MailQuota{.a_day = 200, .a_second = 1} : MailQuota{};
}

std::span<const Operation> ses_operations() {
  static const std::vector<Operation> all = [] {
    std::vector<Operation> joined;
    for (const auto part : {ses_sending_operations(), ses_identity_operations()}) {
      joined.insert(joined.end(), part.begin(), part.end());
    }
    return joined;
  }();
  return all;
}

}  // namespace rekeyer::sandbox
