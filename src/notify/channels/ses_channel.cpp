#include "notify/channels/ses_channel.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/json_text.hpp"
#include "base/mail_address.hpp"
#include "notify/model/address.hpp"

namespace rekeyer::notify {

ResultTask<> SesChannel::send(Mail mail) {
  if (!valid_mail_address(mail.to)) {
    co_return fail(ErrorKind::rejected, fmt::format("{} is no mail address that can be used", json_quoted(mail.to)));
  }
  aws::Email email;
  email.from = sender_.from;
  email.to = {mail.to};
  email.reply_to = sender_.reply_to;
  email.subject = std::move(mail.subject);
  email.text = std::move(mail.text);
  email.html = std::move(mail.html);
  email.configuration_set = settings_.configuration_set;
  email.identity_arn = settings_.identity_arn;
  const auto sent = co_await client_.send_email(std::move(email));
  if (!sent) co_return fail(sent.error());
  co_return Result<>{};
}

}  // namespace rekeyer::notify
