// The SMTP client against a scripted server on loopback, which fails at every point where a server can.
#include "notify/channels/smtp/client.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <map>
#include <optional>

#include "aws/http/loopback_server.hpp"

namespace rekeyer::notify {
namespace {

using aws::LoopbackServer;
using aws::Peer;
using aws::TestCertificates;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view password = "correct-horse-battery-staple";

/// What the server says to a command, by its first word ("." for the end of a mail, "greeting" before any). "drop": it
/// closes the connection; "silence": it says nothing more.
struct Manners {
  std::string certificate;
  bool tls_at_once = true;
  std::string capabilities = "250-mail\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN\r\n";
  std::map<std::string, std::string> answers;
  int mails_each = 1000;  ///< then it says 421 to the next
  bool closes_after_mail = false;
};

std::string usual_answer(const std::string& word, const Manners& manners) {
  static const std::map<std::string, std::string> usual{
      {"greeting", "220 mail ESMTP\r\n"}, {"MAIL", "250 2.1.0 ok\r\n"},  {"RCPT", "250 2.1.5 ok\r\n"},
      {"DATA", "354 go on\r\n"},          {".", "250 2.0.0 queued\r\n"}, {"RSET", "250 ok\r\n"},
      {"STARTTLS", "220 ready\r\n"},      {"AUTH", "235 welcome\r\n"},   {"user", "334 UGFzc3dvcmQ6\r\n"},
      {"password", "235 welcome\r\n"}};
  if (const auto own = manners.answers.find(word); own != manners.answers.end()) return own->second;
  if (word == "EHLO") return manners.capabilities;
  const auto found = usual.find(word);
  return found == usual.end() ? "500 what?\r\n" : found->second;
}

class SmtpClientTest : public testing::Test {
 protected:
  static TestCertificates& certificates() {
    static TestCertificates all;
    return all;
  }
  void SetUp() override {
    manners_.certificate = certificates().issue("good");
    tls_.ca_bundle = certificates().ca_file();
    timeouts_ = {Milliseconds{5000}, Milliseconds{5000}, Milliseconds{5000}, Milliseconds{5000}};
  }

  Task<std::optional<std::string>> line(Peer* peer, std::string* pending) {
    for (;;) {
      const auto end = pending->find("\r\n");
      if (end != std::string::npos) {
        auto result = pending->substr(0, end);
        pending->erase(0, end + 2);
        co_return result;
      }
      const auto more = co_await peer->bytes();
      if (more.empty()) co_return std::nullopt;
      *pending += more;
    }
  }
  /// False: the conversation is over.
  Task<bool> say(Peer* peer, std::string word) {
    const auto answer = usual_answer(word, manners_);
    if (answer == "drop") {
      peer->close();
      co_return false;
    }
    // A byte at a time, each long before the time limit, and never a whole line.
    constexpr int bytes_dripped = 50;
    for (int i = 0; answer == "drip" && i < bytes_dripped; ++i) {
      co_await peer->send("2");
      co_await clock_.sleep_for(Milliseconds{20});
    }
    if (answer == "drip") co_return false;
    if (answer != "silence") co_await peer->send(answer);
    co_return true;
  }
  Task<void> talk(Peer& peer) {
    std::string pending;
    std::string login;  // what AUTH LOGIN is asked for next
    int mails = 0;
    if (manners_.tls_at_once) {
      const bool agreed = co_await peer.start_tls(manners_.certificate);
      if (!agreed) co_return;
    }
    bool goes_on = co_await say(&peer, "greeting");
    while (goes_on) {
      const auto command = co_await line(&peer, &pending);
      if (!command) co_return;
      commands_.push_back(*command);
      auto word = login.empty() ? command->substr(0, command->find(' ')) : login;
      login = *command == "AUTH LOGIN" ? "user" : login == "user" ? "password" : "";
      if (*command == "AUTH LOGIN") {
        co_await peer.send("334 VXNlcm5hbWU6\r\n");
        continue;
      }
      if (word == "MAIL" && ++mails > manners_.mails_each) {
        co_await peer.send("421 4.7.0 too many mails over this connection\r\n");
        co_return;
      }
      goes_on = co_await say(&peer, word);
      if (!goes_on) co_return;
      if (word == "STARTTLS" && usual_answer(word, manners_).starts_with("220")) {
        const bool agreed = co_await peer.start_tls(manners_.certificate);
        if (!agreed) co_return;
      }
      if (word != "DATA" || !usual_answer(word, manners_).starts_with("354")) continue;
      std::string content;
      for (auto next = co_await line(&peer, &pending); next && *next != "."; next = co_await line(&peer, &pending)) {
        content += *next + "\n";
      }
      contents_.push_back(content);
      goes_on = co_await say(&peer, ".");
      if (manners_.closes_after_mail) co_return;
    }
  }

  SmtpClient& client() {
    if (!server_) server_ = std::make_unique<LoopbackServer>(context_, [this](Peer& peer) { return talk(peer); });
    if (!client_) {
      const auto security = manners_.tls_at_once ? SmtpSecurity::tls : SmtpSecurity::starttls;
      client_ = std::make_unique<SmtpClient>(context_.get_executor(), clock_, tls_,
                                             SmtpServer{host_, server_->port(), security}, timeouts_);
    }
    return *client_;
  }
  static std::shared_ptr<const SmtpLogin> login() {
    return std::make_shared<SmtpLogin>(Secret("robot"), Secret(password));
  }
  std::vector<Result<>> send_all(std::size_t count, std::string content = "Subject: x\r\n\r\nhello\r\n",
                                 std::string to = "owner@example.com") {
    std::vector<Result<>> results(count);
    std::size_t left = count;
    for (std::size_t i = 0; i < count; ++i) {
      auto mail = std::make_shared<const SmtpMail>("robot@example.com", to, content);
      boost::asio::co_spawn(context_, client().send(std::move(mail), login()),
                            [&results, &left, i](std::exception_ptr thrown, Result<> result) {
                              EXPECT_FALSE(thrown);
                              results[i] = std::move(result);
                              --left;
                            });
    }
    context_.restart();
    while (left > 0) {
      if (context_.run_one_for(std::chrono::seconds(20)) == 0) {
        ADD_FAILURE() << "nothing happens any more";
        break;
      }
    }
    return results;
  }
  Result<> send() { return send_all(1).front(); }
  /// "kind: message", or "sent".
  std::string outcome() {
    const auto result = send();
    if (result) return "sent";
    EXPECT_THAT(result.error().message, Not(HasSubstr(std::string(password))));
    return std::string(name(result.error().kind)) + ": " + result.error().message;
  }
  std::string outcome_with(const std::string& word, const std::string& answer) {
    manners_.answers = {{word, answer}};
    client_.reset();
    return outcome();
  }

  boost::asio::io_context context_;
  RealClock clock_;
  Manners manners_;
  aws::TlsSettings tls_;
  SmtpTimeouts timeouts_;
  std::string host_ = "localhost";
  std::vector<std::string> commands_;
  std::vector<std::string> contents_;
  std::unique_ptr<LoopbackServer> server_;
  std::unique_ptr<SmtpClient> client_;
};

TEST_F(SmtpClientTest, AMailGoesThroughInTls) {
  EXPECT_EQ(outcome(), "sent");
  EXPECT_THAT(commands_, ElementsAre("EHLO [127.0.0.1]", "AUTH PLAIN AHJvYm90AGNvcnJlY3QtaG9yc2UtYmF0dGVyeS1zdGFwbGU=",
                                     "MAIL FROM:<robot@example.com>", "RCPT TO:<owner@example.com>", "DATA"));
  EXPECT_THAT(contents_, ElementsAre("Subject: x\n\nhello\n"));
}

TEST_F(SmtpClientTest, StarttlsComesBeforeTheLogin) {
  manners_.tls_at_once = false;
  EXPECT_EQ(outcome(), "sent");
  ASSERT_GE(commands_.size(), 4U);
  EXPECT_EQ(commands_[0], "EHLO [127.0.0.1]");
  EXPECT_EQ(commands_[1], "STARTTLS");
  EXPECT_EQ(commands_[2], "EHLO [127.0.0.1]");
  EXPECT_TRUE(commands_[3].starts_with("AUTH PLAIN "));
}

TEST_F(SmtpClientTest, WithoutStarttlsNothingIsSaidInTheClear) {
  manners_.tls_at_once = false;
  manners_.capabilities = "250-mail\r\n250 AUTH PLAIN\r\n";
  EXPECT_THAT(outcome(), AllOf(HasSubstr("not_sent"), HasSubstr("offers no STARTTLS")));
  EXPECT_THAT(commands_, ElementsAre("EHLO [127.0.0.1]"));
}

TEST_F(SmtpClientTest, WordsInjectedBeforeTlsAreRefused) {
  manners_.tls_at_once = false;
  EXPECT_THAT(outcome_with("STARTTLS", "220 ready\r\n250 injected\r\n"),
              AllOf(HasSubstr("not_sent"), HasSubstr("more than one reply")));
  EXPECT_THAT(outcome_with("STARTTLS", "454 TLS not available\r\n"), HasSubstr("throttled"));
}

TEST_F(SmtpClientTest, LoginIsUsedWherePlainIsNotOffered) {
  manners_.capabilities = "250-mail\r\n250 AUTH=LOGIN\r\n";
  EXPECT_EQ(outcome(), "sent");
  EXPECT_THAT(commands_, testing::Contains("cm9ib3Q="));
  manners_.capabilities = "250-mail\r\n250 AUTH CRAM-MD5\r\n";
  client_.reset();
  EXPECT_THAT(outcome(), AllOf(HasSubstr("not_sent"), HasSubstr("neither AUTH PLAIN nor AUTH LOGIN")));
}

TEST_F(SmtpClientTest, SeveralMailsShareOneConnectionAndKeepTheirOrder) {
  for (const auto& result : send_all(5)) EXPECT_TRUE(result);
  EXPECT_EQ(server_->connections(), 1);
  EXPECT_TRUE(send());
  EXPECT_EQ(server_->connections(), 1);
  EXPECT_EQ(contents_.size(), 6U);
}

TEST_F(SmtpClientTest, AConnectionThatTheServerClosedIsOpenedAgain) {
  manners_.closes_after_mail = true;
  for (const auto& result : send_all(3)) EXPECT_TRUE(result);
  EXPECT_EQ(server_->connections(), 3);
  EXPECT_EQ(contents_.size(), 3U);
}

TEST_F(SmtpClientTest, AServerThatWantsNoMoreMailsOverAConnectionGetsAnother) {
  manners_.mails_each = 2;
  for (const auto& result : send_all(5)) EXPECT_TRUE(result);
  EXPECT_EQ(server_->connections(), 3);
  EXPECT_EQ(contents_.size(), 5U);
}

TEST_F(SmtpClientTest, DotsAtALinesBeginningAreDoubled) {
  EXPECT_TRUE(send_all(1, "Subject: x\r\n\r\n.\r\n..a\r\nb.\r\n.c")[0]);
  EXPECT_THAT(contents_, ElementsAre("Subject: x\n\n..\n...a\nb.\n..c\n"));
  EXPECT_EQ(dot_stuffed(""), "\r\n");
}

TEST_F(SmtpClientTest, AnAddressCanNotSmuggleACommand) {
  const auto result = send_all(1, "x\r\n", "a@b.c>\r\nRCPT TO:<x@y.z")[0];
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::rejected);
  EXPECT_THAT(commands_, Not(testing::Contains(HasSubstr("RCPT"))));
}

TEST_F(SmtpClientTest, NoAnswerToThePasswordIsRepeated) {
  constexpr std::string_view blob = "AHJvYm90AGNvcnJlY3QtaG9yc2UtYmF0dGVyeS1zdGFwbGU=";
  constexpr std::string_view encoded = "Y29ycmVjdC1ob3JzZS1iYXR0ZXJ5LXN0YXBsZQ==";
  const auto leaks_nothing =
      AllOf(Not(HasSubstr("correct-ho")), Not(HasSubstr("AHJvYm90AG")), Not(HasSubstr("Y29ycmVj")));
  for (const auto secret : {blob, encoded, password}) {
    for (const std::string_view frame :
         {"535 5.7.8 no: AUTH PLAIN {}\r\n", "501 syntax {}\r\n", "999 {}\r\n", "{}\r\n"}) {
      const auto reply = fmt::format(fmt::runtime(frame), secret);
      EXPECT_THAT(outcome_with("AUTH", reply), leaks_nothing) << reply;
      EXPECT_THAT(outcome_with("MAIL", reply), leaks_nothing) << "a server remembers: " << reply;
    }
    EXPECT_THAT(outcome_with("RCPT", fmt::format("550 {}{}\r\n", std::string(190, 'x'), secret)), leaks_nothing)
        << "masked before it is cut";
  }
}

TEST_F(SmtpClientTest, EachRefusalSaysWhatItMeans) {
  EXPECT_THAT(outcome_with("greeting", "554 no service\r\n"), AllOf(HasSubstr("not_sent"), HasSubstr("no service")));
  EXPECT_THAT(outcome_with("greeting", "421 busy\r\n"), HasSubstr("throttled"));
  EXPECT_THAT(outcome_with("EHLO", "502 no\r\n"), HasSubstr("not_sent"));
  EXPECT_THAT(outcome_with("AUTH", "535 5.7.8 wrong correct-horse-battery-staple\r\n"),
              AllOf(HasSubstr("credentials_invalid"), HasSubstr("password_parameter")));
  EXPECT_THAT(outcome_with("MAIL", "454 Throttling failure\r\n"), HasSubstr("throttled"));
  EXPECT_THAT(outcome_with("MAIL", "530 5.7.0 log in\r\n"), HasSubstr("credentials_invalid"));
  EXPECT_THAT(outcome_with("RCPT", "550 5.1.1 nobody\r\n"),
              AllOf(HasSubstr("rejected"), HasSubstr("550 5.1.1 nobody"), HasSubstr("owner@example.com")));
  EXPECT_THAT(outcome_with("DATA", "554 5.5.1 no\r\n"), HasSubstr("rejected"));
  EXPECT_THAT(outcome_with("DATA", "250 what\r\n"), HasSubstr("unexpected"));
  EXPECT_THAT(outcome_with(".", "554 Message rejected: not verified\r\n"), HasSubstr("rejected"));
  EXPECT_THAT(outcome_with(".", "451 4.3.0 later\r\n"), HasSubstr("throttled"));
}

TEST_F(SmtpClientTest, ARefusedMailLeavesTheConnectionForTheNext) {
  manners_.answers = {{"RCPT", "550 5.1.1 nobody\r\n"}};
  EXPECT_FALSE(send());
  manners_.answers.clear();
  EXPECT_TRUE(send());
  EXPECT_EQ(server_->connections(), 1);
  EXPECT_THAT(commands_, testing::Contains("RSET"));
}

TEST_F(SmtpClientTest, ALostConnectionIsNotSentUntilTheFinalDotIsOut) {
  for (const auto* word : {"greeting", "EHLO", "AUTH", "MAIL", "RCPT", "DATA"}) {
    EXPECT_THAT(outcome_with(word, "drop"), HasSubstr("not_sent")) << word;
  }
  EXPECT_TRUE(contents_.empty());
  EXPECT_THAT(outcome_with(".", "drop"), AllOf(HasSubstr("outcome_unknown"), HasSubstr("may have been delivered")));
  EXPECT_EQ(contents_.size(), 1U) << "it is not sent again";
}

TEST_F(SmtpClientTest, ALostReplyOverAKeptConnectionIsNotSentAgain) {
  EXPECT_TRUE(send());
  manners_.answers = {{".", "drop"}};
  EXPECT_THAT(outcome(), HasSubstr("outcome_unknown"));
  EXPECT_EQ(contents_.size(), 2U);
}

TEST_F(SmtpClientTest, ABadReplyIsAnErrorOfItsStep) {
  for (const auto* word : {"greeting", "EHLO", "AUTH", "MAIL", "RCPT", "DATA"}) {
    EXPECT_THAT(outcome_with(word, "what do you want\r\n"), AllOf(HasSubstr("not_sent"), HasSubstr("not SMTP")))
        << word;
  }
  EXPECT_THAT(outcome_with(".", "???\r\n"), HasSubstr("outcome_unknown"));
}

TEST_F(SmtpClientTest, SilenceEndsAtTheTimeLimitOfEveryStep) {
  timeouts_ = {Milliseconds{5000}, Milliseconds{100}, Milliseconds{5000}, Milliseconds{100}};
  for (const auto* word : {"greeting", "EHLO", "AUTH", "MAIL", "RCPT", "DATA"}) {
    EXPECT_THAT(outcome_with(word, "silence"), AllOf(HasSubstr("not_sent"), HasSubstr("no answer within 0.1 s")))
        << word;
  }
  EXPECT_THAT(outcome_with(".", "silence"), HasSubstr("outcome_unknown"));
}

TEST_F(SmtpClientTest, AnAnswerByteByByteHasOneTimeLimitAsAWhole) {
  timeouts_ = {Milliseconds{5000}, Milliseconds{200}, Milliseconds{5000}, Milliseconds{200}};
  for (const auto* word : {"greeting", "EHLO", "MAIL"}) {
    EXPECT_THAT(outcome_with(word, "drip"), AllOf(HasSubstr("not_sent"), HasSubstr("no answer within 0.2 s"))) << word;
  }
  EXPECT_THAT(outcome_with(".", "drip"), HasSubstr("outcome_unknown"));
}

TEST_F(SmtpClientTest, AServerWithoutItsCertificateIsNotSpokenTo) {
  TestCertificates::Wish other;
  other.alternative_names = "DNS:example.com";
  manners_.certificate = certificates().issue("other", other);
  EXPECT_THAT(outcome(), AllOf(HasSubstr("not_sent"), HasSubstr("hostname mismatch")));
  manners_.tls_at_once = false;
  client_.reset();
  EXPECT_THAT(outcome(), AllOf(HasSubstr("not_sent"), HasSubstr("hostname mismatch")));
  TestCertificates stranger;
  manners_.certificate = stranger.issue("stranger");
  client_.reset();
  EXPECT_THAT(outcome(), HasSubstr("not trusted"));
  EXPECT_THAT(commands_, Not(testing::Contains(HasSubstr("AUTH"))));
}

TEST_F(SmtpClientTest, NobodyThereIsNotSent) {
  client();
  client_ =
      std::make_unique<SmtpClient>(context_.get_executor(), clock_, tls_,
                                   SmtpServer{"127.0.0.1", aws::closed_port(context_), SmtpSecurity::tls}, timeouts_);
  EXPECT_THAT(outcome(), AllOf(HasSubstr("not_sent"), HasSubstr("connecting failed")));
}

}  // namespace
}  // namespace rekeyer::notify
