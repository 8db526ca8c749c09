// One conversation with a mail server: TLS, greeting, login, then mails one after the other.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "aws/http/name_resolver.hpp"
#include "base/clock.hpp"
#include "base/secret.hpp"
#include "base/task.hpp"
#include "notify/channels/smtp/refusal.hpp"
#include "notify/channels/smtp/stream.hpp"
#include "notify/model/settings.hpp"

namespace rekeyer::notify {

struct SmtpServer {
  std::string host;
  std::uint16_t port = 465;
  SmtpSecurity security = SmtpSecurity::tls;

  /// "host:port", IPv6 in brackets.
  std::string describe() const;
};

struct SmtpLogin {
  Secret user;
  Secret password;
};

struct SmtpTimeouts {
  Milliseconds connect{10'000};  ///< for each address, and for the TLS handshake
  Milliseconds command{60'000};
  Milliseconds data{180'000};             ///< the mail on its way
  Milliseconds acknowledgement{600'000};  ///< servers may scan it meanwhile (RFC 5321: ten minutes)
};

struct SmtpMail {
  std::string from;  ///< bare addresses
  std::string to;
  std::string content;  ///< what mime_message() gives
};

class SmtpSession {
 public:
  SmtpSession(boost::asio::any_io_executor executor, Clock& clock, SmtpServer server, SmtpTimeouts timeouts);

  /// Up to the login (nullptr: none). Fails as refusal() says, else with `not_sent`; goes on in the clear never.
  ResultTask<> open(aws::NameResolver::Endpoints endpoints, boost::asio::ssl::context* trust,
                    std::shared_ptr<const SmtpLogin> login);
  /// One mail. Fails as refusal() says; with `not_sent` where the server can't have taken it, with `outcome_unknown`
  /// where all of it went out and no answer came back.
  ResultTask<> send(std::shared_ptr<const SmtpMail> mail);
  /// Whether another mail may follow.
  bool usable() { return usable_ && !stream_.stale(); }

 private:
  /// All its lines within `timeout`, however they are dealt out.
  ResultTask<SmtpReply> read_reply(Milliseconds timeout);
  ResultTask<SmtpReply> ask(WipedString command, Milliseconds timeout);
  ResultTask<> greet();
  ResultTask<> hello();
  ResultTask<> upgrade(boost::asio::ssl::context* trust);
  ResultTask<> log_in(std::shared_ptr<const SmtpLogin> login);
  ResultTask<SmtpReply> ask_login(std::shared_ptr<const SmtpLogin> login);
  ResultTask<SmtpReply> ask_plain(std::shared_ptr<const SmtpLogin> login);
  ResultTask<> envelope(std::shared_ptr<const SmtpMail> mail);
  ResultTask<> reset();
  Error refused(const SmtpReply& reply, SmtpPhase phase, std::string_view what);
  void read_capabilities(const SmtpReply& reply);
  void remember(std::string_view secret);

  Clock& clock_;
  SmtpServer server_;
  SmtpTimeouts timeouts_;
  SmtpStream stream_;
  SmtpReplyParser parser_;
  bool starttls_ = false;
  std::set<std::string, std::less<>> mechanisms_;
  std::vector<Secret> secrets_;  ///< what AUTH told the server, in no error text ever
  bool usable_ = false;
};

/// Dots at a line's beginning doubled; the last line ends with CRLF. Without the final dot.
std::string dot_stuffed(std::string_view content);

}  // namespace rekeyer::notify
