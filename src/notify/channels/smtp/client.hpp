// Mails over one kept connection, which is opened when the first one comes and again whenever the server closed it.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <deque>
#include <memory>

#include "aws/http/name_resolver.hpp"
#include "aws/http/tls_trust.hpp"
#include "base/concurrency.hpp"
#include "notify/channels/smtp/session.hpp"

namespace rekeyer::notify {

class SmtpClient {
 public:
  SmtpClient(boost::asio::any_io_executor executor, Clock& clock, aws::TlsSettings tls, SmtpServer server,
             SmtpTimeouts timeouts);

  /// One mail at a time; further ones stand in line. Fails as SmtpSession does. A kept connection that turns out to be
  /// over before the mail had gone out is replaced once; apart from that nothing is sent twice.
  ResultTask<> send(std::shared_ptr<const SmtpMail> mail, std::shared_ptr<const SmtpLogin> login);
  /// Connects, secures and logs in as for a mail, on a connection of its own, and sends none.
  ResultTask<> try_login(std::shared_ptr<const SmtpLogin> login);

 private:
  class Turn;
  ResultTask<std::unique_ptr<SmtpSession>> connect(std::shared_ptr<const SmtpLogin> login);
  ResultTask<> send_now(std::shared_ptr<const SmtpMail> mail, std::shared_ptr<const SmtpLogin> login);

  boost::asio::any_io_executor executor_;
  Clock& clock_;
  aws::NameResolver resolver_;
  aws::TlsTrust trust_;
  SmtpServer server_;
  SmtpTimeouts timeouts_;
  std::unique_ptr<SmtpSession> kept_;
  bool taken_ = false;
  std::deque<std::shared_ptr<Gate>> waiting_;
};

}  // namespace rekeyer::notify
