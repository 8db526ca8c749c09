#include "notify/channels/smtp/client.hpp"

#include <boost/asio/steady_timer.hpp>
#include <utility>

#include "base/try.hpp"

namespace rekeyer::notify {

/// The line's head, for as long as one mail takes; however that ends, the next one follows.
class SmtpClient::Turn {
 public:
  explicit Turn(SmtpClient& client) : client_(client) { client_.taken_ = true; }
  ~Turn() {
    if (client_.waiting_.empty()) {
      client_.taken_ = false;
      return;
    }
    const auto next = std::move(client_.waiting_.front());
    client_.waiting_.pop_front();
    next->open();
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  SmtpClient& client_;
};

SmtpClient::SmtpClient(boost::asio::any_io_executor executor, Clock& clock, aws::TlsSettings tls, SmtpServer server,
                       SmtpTimeouts timeouts)
    : executor_(executor),
      clock_(clock),
      resolver_(std::move(executor)),
      trust_(std::move(tls)),
      server_(std::move(server)),
      timeouts_(timeouts) {}

ResultTask<> SmtpClient::send(std::shared_ptr<const SmtpMail> mail, std::shared_ptr<const SmtpLogin> login) {
  if (taken_) {
    const auto gate = waiting_.emplace_back(std::make_shared<Gate>());
    co_await gate->wait();
  }
  const Turn turn(*this);
  auto sent = co_await send_now(std::move(mail), std::move(login));
  co_return sent;
}

ResultTask<> SmtpClient::send_now(std::shared_ptr<const SmtpMail> mail, std::shared_ptr<const SmtpLogin> login) {
  // Held here while it is used, so that no failure leaves a half-used one behind.
  auto session = std::exchange(kept_, nullptr);
  const bool reused = session && session->usable();
  if (!reused) {
    CO_TRY(session, co_await connect(login));
  }
  auto sent = co_await session->send(mail);
  const bool over = !session->usable();
  const bool went_out = sent || sent.error().kind == ErrorKind::outcome_unknown;
  if (reused && over && !went_out && sent.error().kind != ErrorKind::rejected) {
    // A server may close a connection at any time, or want no more mails over it (421): that says nothing of this one.
    CO_TRY(session, co_await connect(login));
    sent = co_await session->send(mail);
  }
  if (session->usable()) kept_ = std::move(session);
  co_return sent;
}

ResultTask<> SmtpClient::try_login(std::shared_ptr<const SmtpLogin> login) {
  const auto session = co_await connect(std::move(login));
  if (!session) co_return fail(session.error());
  co_return Result<>{};
}

ResultTask<std::unique_ptr<SmtpSession>> SmtpClient::connect(std::shared_ptr<const SmtpLogin> login) {
  CO_TRY(auto* const trust, trust_.context());
  // Looking up a name is the machine's business, by the machine's clock.
  boost::asio::steady_timer timer(executor_);
  timer.expires_after(timeouts_.connect);
  auto endpoints = co_await resolver_.resolve(server_.host, server_.port, timer.expiry());
  if (!endpoints) co_return fail(std::move(endpoints).error());
  auto session = std::make_unique<SmtpSession>(executor_, clock_, server_, timeouts_);
  const auto opened = co_await session->open(*std::move(endpoints), trust, std::move(login));
  if (!opened) co_return fail(opened.error());
  co_return session;
}

}  // namespace rekeyer::notify
