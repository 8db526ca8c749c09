#include "notify/channels/smtp_channel.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <optional>

#include "aws/http/loopback_server.hpp"
#include "fakes/call_bench.hpp"

namespace rekeyer::notify {
namespace {

using aws::Peer;
using testing::HasSubstr;

/// A server that takes every mail, and every password or none.
Task<void> serve(Peer* peer, std::string certificate, bool takes_passwords, std::vector<std::string>* seen) {
  const bool agreed = co_await peer->start_tls(certificate);
  if (!agreed) co_return;
  co_await peer->send("220 mail\r\n");
  for (;;) {
    const auto text = co_await peer->bytes();
    if (text.empty()) co_return;
    seen->push_back(text);
    std::string answer = "250 ok\r\n";
    if (text.starts_with("EHLO")) answer = "250-mail\r\n250 AUTH PLAIN\r\n";
    if (text.starts_with("AUTH")) answer = takes_passwords ? "235 welcome\r\n" : "535 5.7.8 wrong\r\n";
    if (text.starts_with("DATA")) answer = "354 go on\r\n";
    // The mail and its final dot may come in one piece or in two.
    const bool is_content = text.starts_with("Date:");
    if (is_content && !text.ends_with("\r\n.\r\n")) continue;
    co_await peer->send(answer);
  }
}

/// The wall clock, since sockets know no other.
class SmtpChannelTest : public testing::Test {
 protected:
  SmtpChannel channel(bool takes_passwords) {
    const auto certificate = certificates_.issue("good");
    server_ = std::make_unique<aws::LoopbackServer>(context_, [this, certificate, takes_passwords](Peer& peer) {
      return serve(&peer, certificate, takes_passwords, &seen_);
    });
    ChannelSettings settings;
    settings.name = "smtp";
    settings.kind = ChannelKind::smtp;
    settings.host = "localhost";
    settings.port = server_->port();
    settings.user_parameter = "/smtp/user";
    settings.password_parameter = "/smtp/password";
    aws::TlsSettings tls;
    tls.ca_bundle = certificates_.ca_file();
    transport_.reply(200, R"({"Parameter":{"Value":"robot"}})")
        .reply(200, R"({"Parameter":{"Value":"a-long-password"}})");
    const aws::Principal principal{std::make_shared<fakes::CountingProvider>(), Region("eu-west-1"), AccountId("1")};
    return SmtpChannel({.parameters = aws::SsmClient(caller_, principal),
                        .executor = context_.get_executor(),
                        .clock = shifted_,
                        .random = random_,
                        .limiter = limiter_,
                        .tls = tls,
                        .timeouts = {}},
                       {"Robot <robot@example.com>", {}}, settings);
  }
  std::string send(SmtpChannel& channel) {
    return run(channel.send({"owner@example.com", "subject", "text", "<p>html</p>"}), "sent");
  }
  std::string run(ResultTask<> task, std::string_view success) {
    std::optional<Result<>> result;
    boost::asio::co_spawn(context_, std::move(task), [&](std::exception_ptr thrown, Result<> outcome) {
      EXPECT_FALSE(thrown);
      result = std::move(outcome);
    });
    context_.restart();
    while (!result && context_.run_one_for(std::chrono::seconds(20)) > 0) {
    }
    if (!result) return "nothing happens any more";
    return *result ? std::string(success) : std::string(name(result->error().kind)) + ": " + result->error().message;
  }
  std::size_t count(std::string_view beginning) const {
    return static_cast<std::size_t>(
        std::ranges::count_if(seen_, [&](const std::string& text) { return text.starts_with(beginning); }));
  }

  boost::asio::io_context context_;
  RealClock clock_;
  ShiftedClock shifted_{clock_};
  Random random_{7};
  aws::RateLimiter limiter_{shifted_};
  fakes::ScriptedTransport transport_{clock_};
  aws::Caller caller_{transport_, shifted_, random_, limiter_, {}};
  aws::TestCertificates certificates_;
  std::vector<std::string> seen_;
  std::unique_ptr<aws::LoopbackServer> server_;
};

TEST_F(SmtpChannelTest, ReadsItsLoginOnceAndSendsMimeMails) {
  auto smtp = channel(true);
  EXPECT_EQ(send(smtp), "sent");
  EXPECT_EQ(send(smtp), "sent");
  EXPECT_EQ(transport_.sent.size(), 2U) << "two parameters, read once";
  EXPECT_EQ(server_->connections(), 1);
  EXPECT_EQ(count("AUTH PLAIN AHJvYm90AGEtbG9uZy1wYXNzd29yZA=="), 1U);
  EXPECT_EQ(count("MAIL FROM:<robot@example.com>\r\n"), 2U);
  EXPECT_EQ(count("Date: "), 2U);
}

TEST_F(SmtpChannelTest, TriesItsLoginWithoutSendingAnything) {
  auto good = channel(true);
  EXPECT_EQ(run(good.try_login(), "welcome"), "welcome");
  auto bad = channel(false);
  EXPECT_THAT(run(bad.try_login(), "welcome"), HasSubstr("credentials_invalid"));
  EXPECT_EQ(count("AUTH PLAIN"), 2U);
  EXPECT_EQ(count("MAIL FROM"), 0U);
}

TEST_F(SmtpChannelTest, ARefusedLoginIsNotTriedAgain) {
  auto smtp = channel(false);
  const auto first = send(smtp);
  EXPECT_THAT(first, testing::AllOf(HasSubstr("credentials_invalid"), HasSubstr("password_parameter")));
  EXPECT_EQ(send(smtp), first);
  EXPECT_EQ(count("AUTH"), 1U) << "wrong passwords lock accounts";
}

}  // namespace
}  // namespace rekeyer::notify
