#include "notify/channels/smtp_channel.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/try.hpp"
#include "notify/channels/mime.hpp"
#include "notify/model/address.hpp"

namespace rekeyer::notify {
namespace {

SmtpServer server_of(const ChannelSettings& settings) {
  const std::uint16_t usual = settings.security == SmtpSecurity::tls ? 465 : 587;
  return {settings.host, settings.port == 0 ? usual : settings.port, settings.security};
}

}  // namespace

SmtpChannel::SmtpChannel(SmtpChannelParts parts, Sender sender, ChannelSettings settings)
    : settings_(std::move(settings)),
      sender_(std::move(sender)),
      clock_(parts.clock),
      random_(parts.random),
      limiter_(parts.limiter),
      pace_group_(fmt::format("channel:{}", settings_.name)),
      user_(parts.parameters, settings_.user_parameter),
      password_(parts.parameters, settings_.password_parameter),
      client_(std::move(parts.executor), parts.clock, std::move(parts.tls), server_of(settings_), parts.timeouts) {
  limiter_.set_rate(pace_group_, {settings_.rate, 1});
}

ResultTask<std::shared_ptr<const SmtpLogin>> SmtpChannel::login() {
  if (login_ || !user_.wanted()) co_return login_;
  const auto user = co_await user_.get();
  if (!user) co_return fail(user.error());
  const auto password = co_await password_.get();
  if (!password) co_return fail(password.error());
  auto login = std::make_shared<SmtpLogin>();
  login->user = Secret((*user)->reveal());
  login->password = Secret((*password)->reveal());
  login_ = std::move(login);
  co_return login_;
}

ResultTask<> SmtpChannel::try_login() {
  auto login = co_await this->login();
  if (!login) co_return fail(login.error());
  auto tried = co_await client_.try_login(*login);
  co_return tried;
}

ResultTask<> SmtpChannel::send(Mail mail) {
  CO_TRY(const auto from, parse_mailbox(sender_.from));
  const auto domain = from.address.substr(from.address.find('@') + 1);
  const auto now = clock_.now();
  CO_TRY(auto content, mime_message(mail, {sender_.from, sender_.reply_to, now, new_message_id(random_, now, domain)}));
  auto login = co_await this->login();
  if (!login) co_return fail(login.error());
  co_await limiter_.turn(AccountId(), pace_group_);
  if (refused_login_) co_return fail(*refused_login_);
  auto ready = std::make_shared<const SmtpMail>(from.address, mail.to, std::move(content));
  auto sent = co_await client_.send(std::move(ready), *login);
  if (sent) {
    limiter_.succeeded(AccountId(), pace_group_);
  } else if (sent.error().kind == ErrorKind::throttled) {
    limiter_.throttled(AccountId(), pace_group_);
  } else if (sent.error().kind == ErrorKind::credentials_invalid) {
    refused_login_ = sent.error();
  }
  co_return sent;
}

}  // namespace rekeyer::notify
