// The rule for a mail that got lost: until its final dot is on the way it is not sent, whatever happens; from then on
// only the server's answer tells.
#include "notify/channels/smtp/session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "aws/call/masked.hpp"
#include "base/base64.hpp"
#include "base/mail_address.hpp"
#include "base/text.hpp"
#include "base/try.hpp"
#include "notify/model/address.hpp"

namespace rekeyer::notify {
namespace {

WipedString line(std::string_view text) {
  WipedString result(text);
  result += "\r\n";
  return result;
}

/// Base64 of a secret as the rest of a command; nothing of it stays behind.
WipedString secret_line(std::string_view before, std::string_view secret) {
  auto encoded = base64_encode(secret);
  WipedString result(before);
  result += encoded;
  result += "\r\n";
  wipe(encoded.data(), encoded.size());
  return result;
}

/// Before the final dot, a lost reply and a lost write come to the same.
Error as_not_sent(Error error) {
  error.kind = ErrorKind::not_sent;
  return error;
}

Error as_unknown(Error error) {
  error.kind = ErrorKind::outcome_unknown;
  error.message += "; the mail had gone out completely and may have been delivered";
  return error;
}

}  // namespace

std::string SmtpServer::describe() const {
  return host.find(':') != std::string::npos ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

std::string dot_stuffed(std::string_view content) {
  std::string result;
  result.reserve(content.size() + 64);
  bool at_line_start = true;
  for (const char c : content) {
    if (at_line_start && c == '.') result += '.';
    result += c;
    at_line_start = c == '\n';
  }
  if (!result.ends_with("\r\n")) result += "\r\n";
  return result;
}

SmtpSession::SmtpSession(boost::asio::any_io_executor executor, Clock& clock, SmtpServer server, SmtpTimeouts timeouts)
    : clock_(clock),
      server_(std::move(server)),
      timeouts_(timeouts),
      stream_(std::move(executor), clock, server_.describe()) {}

ResultTask<> SmtpSession::open(aws::NameResolver::Endpoints endpoints, boost::asio::ssl::context* trust,
                               std::shared_ptr<const SmtpLogin> login) {
  const auto connected = co_await stream_.connect(std::move(endpoints), timeouts_.connect);
  if (!connected) co_return fail(connected.error());
  if (server_.security == SmtpSecurity::tls) {
    const auto secured = co_await stream_.start_tls(trust, server_.host, timeouts_.connect);
    if (!secured) co_return fail(secured.error());
  }
  const auto greeted = co_await greet();
  if (!greeted) co_return fail(greeted.error());
  if (server_.security == SmtpSecurity::starttls) {
    const auto secured = co_await upgrade(trust);
    if (!secured) co_return fail(secured.error());
  }
  if (login) {
    const auto logged_in = co_await log_in(std::move(login));
    if (!logged_in) co_return fail(logged_in.error());
  }
  usable_ = true;
  co_return Result<>{};
}

ResultTask<SmtpReply> SmtpSession::read_reply(Milliseconds timeout) {
  std::string bytes;
  const auto until = clock_.now() + timeout;
  for (;;) {
    auto reply = parser_.feed(bytes);
    if (!reply) co_return fail(in_context(std::move(reply).error(), "the mail server " + server_.describe()));
    if (*reply) {
      // A server that goes on to speak unasked is out of step, or somebody speaks in its place before TLS.
      if (parser_.surplus()) {
        co_return fail(ErrorKind::bad_reply,
                       fmt::format("the mail server {} sent more than one reply to a command", server_.describe()));
      }
      // Lines, before any of it is cut: no half of what was sent remains.
      for (auto& text : (*reply)->lines) text = aws::masked(text, secrets_);
      co_return **std::move(reply);
    }
    auto more = co_await stream_.read_some(std::max(until - clock_.now(), Milliseconds{0}));
    if (!more && clock_.now() >= until) {
      co_return fail(ErrorKind::not_sent, fmt::format("the mail server {}: no answer within {:g} s", server_.describe(),
                                                      static_cast<double>(timeout.count()) / 1000.0));
    }
    if (!more) co_return fail(std::move(more).error());
    bytes = *std::move(more);
  }
}

ResultTask<SmtpReply> SmtpSession::ask(WipedString command, Milliseconds timeout) {
  const auto written = co_await stream_.write(std::move(command), timeout);
  if (!written) co_return fail(as_not_sent(written.error()));
  auto reply = co_await read_reply(timeout);
  if (!reply) co_return fail(as_not_sent(std::move(reply).error()));
  // 421 closes the connection, whatever was asked.
  if (reply->code == 421) usable_ = false;
  co_return reply;
}

Error SmtpSession::refused(const SmtpReply& reply, SmtpPhase phase, std::string_view what) {
  return refusal(reply, phase, "the mail server " + server_.describe(), what);
}

ResultTask<> SmtpSession::greet() {
  const auto greeting = co_await read_reply(timeouts_.command);
  if (!greeting) co_return fail(as_not_sent(greeting.error()));
  if (greeting->code != 220) co_return fail(refused(*greeting, SmtpPhase::session, "the connection"));
  const auto said = co_await hello();
  co_return said;
}

ResultTask<> SmtpSession::hello() {
  const auto reply = co_await ask(line("EHLO " + stream_.address_literal()), timeouts_.command);
  if (!reply) co_return fail(reply.error());
  if (reply->code != 250) co_return fail(refused(*reply, SmtpPhase::session, "EHLO"));
  read_capabilities(*reply);
  co_return Result<>{};
}

void SmtpSession::read_capabilities(const SmtpReply& reply) {
  starttls_ = false;
  mechanisms_.clear();
  // The first line is the server's name.
  for (std::size_t i = 1; i < reply.lines.size(); ++i) {
    auto words = upper_case(reply.lines[i]);
    // Old servers write AUTH=LOGIN.
    std::ranges::replace(words, '=', ' ');
    words += ' ';
    const bool is_auth = words.starts_with("AUTH ");
    if (words == "STARTTLS ") starttls_ = true;
    for (auto end = words.find(' '); is_auth && end != std::string::npos; end = words.find(' ')) {
      mechanisms_.insert(words.substr(0, end));
      words.erase(0, end + 1);
    }
  }
}

ResultTask<> SmtpSession::upgrade(boost::asio::ssl::context* trust) {
  if (!starttls_) {
    co_return fail(ErrorKind::not_sent,
                   fmt::format("the mail server {} offers no STARTTLS, and nothing is sent in the clear; use another "
                               "port, or security = \"tls\" for one that speaks TLS at once (465)",
                               server_.describe()));
  }
  const auto reply = co_await ask(line("STARTTLS"), timeouts_.command);
  if (!reply) co_return fail(reply.error());
  if (reply->code != 220) co_return fail(refused(*reply, SmtpPhase::session, "STARTTLS"));
  const auto secured = co_await stream_.start_tls(trust, server_.host, timeouts_.connect);
  if (!secured) co_return fail(secured.error());
  // What was said in the clear counts for nothing.
  const auto said = co_await hello();
  co_return said;
}

ResultTask<> SmtpSession::log_in(std::shared_ptr<const SmtpLogin> login) {
  const bool plain = mechanisms_.contains("PLAIN");
  if (!plain && !mechanisms_.contains("LOGIN")) {
    co_return fail(ErrorKind::not_sent,
                   fmt::format("the mail server {} offers neither AUTH PLAIN nor AUTH LOGIN", server_.describe()));
  }
  if (!stream_.secure()) co_return fail(ErrorKind::not_sent, "no password is sent without TLS");
  parser_.withhold();
  const auto reply = plain ? co_await ask_plain(login) : co_await ask_login(login);
  if (!reply) co_return fail(reply.error());
  if (reply->code == 235) co_return Result<>{};
  co_return fail(refused(*reply, SmtpPhase::authentication, "the login"));
}

/// A server may repeat what it was told as long as the connection lasts, and as it was told: in base64.
void SmtpSession::remember(std::string_view secret) {
  auto encoded = base64_encode(secret);
  secrets_.emplace_back(encoded);
  secrets_.emplace_back(secret);
  wipe(encoded.data(), encoded.size());
}

ResultTask<SmtpReply> SmtpSession::ask_plain(std::shared_ptr<const SmtpLogin> login) {
  WipedString response("\0", 1);
  response += login->user.reveal();
  response += '\0';
  response += login->password.reveal();
  remember(response);
  remember(login->password.reveal());
  auto reply = co_await ask(secret_line("AUTH PLAIN ", response), timeouts_.command);
  co_return reply;
}

ResultTask<SmtpReply> SmtpSession::ask_login(std::shared_ptr<const SmtpLogin> login) {
  remember(login->user.reveal());
  remember(login->password.reveal());
  auto reply = co_await ask(line("AUTH LOGIN"), timeouts_.command);
  if (!reply || reply->code != 334) co_return reply;
  reply = co_await ask(secret_line("", login->user.reveal()), timeouts_.command);
  if (!reply || reply->code != 334) co_return reply;
  reply = co_await ask(secret_line("", login->password.reveal()), timeouts_.command);
  co_return reply;
}

/// MAIL FROM and RCPT TO.
ResultTask<> SmtpSession::envelope(std::shared_ptr<const SmtpMail> mail) {
  const auto from = co_await ask(line(fmt::format("MAIL FROM:<{}>", mail->from)), timeouts_.command);
  if (!from) co_return fail(from.error());
  if (from->code != 250) co_return fail(refused(*from, SmtpPhase::mail, "the sender " + mail->from));
  const auto to = co_await ask(line(fmt::format("RCPT TO:<{}>", mail->to)), timeouts_.command);
  if (!to) co_return fail(to.error());
  // 251: it forwards.
  if (to->code != 250 && to->code != 251) co_return fail(refused(*to, SmtpPhase::mail, "the recipient " + mail->to));
  const auto data = co_await ask(line("DATA"), timeouts_.command);
  if (!data) co_return fail(data.error());
  if (data->code != 354) co_return fail(refused(*data, SmtpPhase::mail, "the mail to " + mail->to));
  co_return Result<>{};
}

/// Gives up the mail under way, so that the next one finds the conversation at its beginning.
ResultTask<> SmtpSession::reset() {
  const auto reply = co_await ask(line("RSET"), timeouts_.command);
  if (!reply) co_return fail(reply.error());
  if (reply->code != 250) co_return fail(refused(*reply, SmtpPhase::session, "RSET"));
  co_return Result<>{};
}

ResultTask<> SmtpSession::send(std::shared_ptr<const SmtpMail> mail) {
  if (!valid_mail_address(mail->from) || !valid_mail_address(mail->to)) {
    co_return fail(ErrorKind::rejected, "the mail's addresses can't be used in SMTP");
  }
  // Set again only where the conversation is known to be at its beginning.
  const bool was_usable = std::exchange(usable_, false);
  if (!was_usable) co_return fail(ErrorKind::not_sent, "the connection to the mail server is over");
  usable_ = true;
  const auto opened = co_await envelope(mail);
  const bool still_usable = std::exchange(usable_, false);
  if (!opened) {
    if (opened.error().kind == ErrorKind::not_sent || !still_usable) co_return fail(opened.error());
    const auto fresh = co_await reset();
    usable_ = fresh.has_value();
    co_return fail(opened.error());
  }
  const auto content = dot_stuffed(mail->content);
  const auto written = co_await stream_.write(WipedString(content), timeouts_.data);
  if (!written) co_return fail(as_not_sent(written.error()));
  const auto ended = co_await stream_.write(line("."), timeouts_.command);
  if (!ended) {
    const bool cut = ended.error().kind == ErrorKind::not_sent;
    co_return fail(cut ? ended.error() : as_unknown(ended.error()));
  }
  const auto reply = co_await read_reply(timeouts_.acknowledgement);
  if (!reply) co_return fail(as_unknown(reply.error()));
  usable_ = reply->code != 421;
  if (reply->code / 100 != 2) co_return fail(refused(*reply, SmtpPhase::mail, "the mail to " + mail->to));
  co_return Result<>{};
}

}  // namespace rekeyer::notify
