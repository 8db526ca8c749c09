// For tests/mail/: writes and sends mails as rekeyer does, so that Python's email package and a real server can judge
// them.
//
// usage: mail_sender write                                       each message to stdout, its length on a line before
//        mail_sender send HOST PORT tls|starttls CA_FILE         "sent" or "kind: why" for each
// Standard input: {"from", "reply_to": [], "user", "password", "mails": [{"to", "subject", "text", "html"}]}
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <iostream>
#include <iterator>

#include "aws/http/json.hpp"
#include "base/try.hpp"
#include "notify/channels/mime.hpp"
#include "notify/channels/smtp/client.hpp"
#include "notify/model/address.hpp"

namespace rekeyer::notify {
namespace {

struct Order {
  std::string from;
  std::vector<std::string> reply_to;
  std::shared_ptr<SmtpLogin> login;
  std::vector<Mail> mails;
};

Result<Order> read_order() {
  const std::string text{std::istreambuf_iterator<char>(std::cin), {}};
  Order order;
  TRY(const auto json, aws::JsonValue::parse(text));
  TRY(order.from, json.string("from"));
  TRY(const auto reply_to, json.optional_strings("reply_to"));
  order.reply_to.assign(reply_to.begin(), reply_to.end());
  TRY(const auto user, json.optional_string("user"));
  TRY(const auto password, json.optional_string("password"));
  if (user) order.login = std::make_shared<SmtpLogin>(Secret(*user), Secret(password.value_or("")));
  TRY(const auto mails, json.array("mails"));
  for (const auto& one : mails) {
    Mail& mail = order.mails.emplace_back();
    TRY(mail.to, one.string("to"));
    TRY(mail.subject, one.string("subject"));
    TRY(mail.text, one.string("text"));
    TRY(const auto html, one.optional_string("html"));
    mail.html = html.value_or("");
  }
  return order;
}

Result<std::string> written(const Order& order, const Mail& mail, Random& random, Clock& clock) {
  return mime_message(
      mail, {order.from, order.reply_to, clock.now(), new_message_id(random, clock.now(), "rekeyer.example.com")});
}

void write_all(const Order& order) {
  RealClock clock;
  auto random = Random::from_system();
  for (const auto& mail : order.mails) {
    const auto text = written(order, mail, random, clock);
    const auto shown = text ? *text : describe(text.error());
    std::cout << (text ? "" : "-") << shown.size() << '\n' << shown;
  }
}

Task<void> send_all(Order* order, SmtpClient* client, Clock* clock) {
  auto random = Random::from_system();
  for (const auto& mail : order->mails) {
    auto text = written(*order, mail, random, *clock);
    Result<> sent;
    if (text) {
      const auto from = parse_mailbox(order->from)->address;
      auto ready = std::make_shared<const SmtpMail>(from, mail.to, *std::move(text));
      sent = co_await client->send(std::move(ready), order->login);
    } else {
      sent = fail(text.error());
    }
    std::cout << (sent ? "sent" : describe(sent.error())) << '\n';
  }
}

void send_all(Order& order, char** arguments) {
  boost::asio::io_context context;
  RealClock clock;
  aws::TlsSettings trust;
  trust.ca_bundle = arguments[5];
  const auto security = std::string_view(arguments[4]) == "tls" ? SmtpSecurity::tls : SmtpSecurity::starttls;
  SmtpClient client(context.get_executor(), clock, trust,
                    {arguments[2], static_cast<std::uint16_t>(std::stoi(arguments[3])), security}, {});
  boost::asio::co_spawn(context, send_all(&order, &client, &clock), [](std::exception_ptr thrown) {
    if (thrown) std::rethrow_exception(thrown);
  });
  context.run();
}

int run(int count, char** arguments) {
  auto order = read_order();
  if (!order) {
    std::cerr << describe(order.error()) << '\n';
    return 2;
  }
  const std::string_view what = count > 1 ? arguments[1] : "";
  if (what == "write") {
    write_all(*order);
  } else if (what == "send" && count == 6) {
    send_all(*order, arguments);
  } else {
    return 2;
  }
  return 0;
}

}  // namespace
}  // namespace rekeyer::notify

int main(int count, char** arguments) { return rekeyer::notify::run(count, arguments); }
