// Mails through an SMTP server, SES's own or any other, over TLS.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "aws/call/rate_limiter.hpp"
#include "base/random.hpp"
#include "notify/channels/secret_parameter.hpp"
#include "notify/channels/ses_channel.hpp"
#include "notify/channels/smtp/client.hpp"
#include "notify/model/channel.hpp"
#include "notify/model/settings.hpp"

namespace rekeyer::notify {

struct SmtpChannelParts {
  aws::SsmClient parameters;
  boost::asio::any_io_executor executor;
  Clock& clock;
  Random& random;
  aws::RateLimiter& limiter;
  aws::TlsSettings tls;
  SmtpTimeouts timeouts;
};

class SmtpChannel final : public MailChannel {
 public:
  /// Logs in only where the settings name a parameter for the user.
  SmtpChannel(SmtpChannelParts parts, Sender sender, ChannelSettings settings);
  const std::string& name() const override { return settings_.name; }
  /// After a refused login every further mail fails with the same words, without asking the server: wrong passwords
  /// lock accounts.
  ResultTask<> send(Mail mail) override;
  /// Everything up to the first mail: parameters, connection, TLS, login.
  ResultTask<> try_login();

 private:
  ResultTask<std::shared_ptr<const SmtpLogin>> login();

  ChannelSettings settings_;
  Sender sender_;
  Clock& clock_;
  Random& random_;
  aws::RateLimiter& limiter_;
  std::string pace_group_;
  SecretParameter user_;
  SecretParameter password_;
  SmtpClient client_;
  std::shared_ptr<const SmtpLogin> login_;
  std::optional<Error> refused_login_;
};

}  // namespace rekeyer::notify
