#include "notify/channels/smtp/reply.hpp"

#include <gtest/gtest.h>

#include <string>

#include "notify/channels/smtp/refusal.hpp"

namespace rekeyer::notify {
namespace {

SmtpReply read(std::string_view text) {
  SmtpReplyParser parser;
  auto reply = parser.feed(text);
  EXPECT_TRUE(reply && *reply) << text;
  return reply && *reply ? **reply : SmtpReply{};
}

TEST(SmtpReply, OfOneLine) {
  const auto reply = read("250 2.1.0 Sender ok\r\n");
  EXPECT_EQ(reply.code, 250);
  EXPECT_EQ(reply.enhanced, "2.1.0");
  EXPECT_EQ(reply.words(), "250 2.1.0 Sender ok");
}

TEST(SmtpReply, OfSeveralLinesInAnyPieces) {
  const std::string text = "550-5.1.1 The account\r\n550-5.1.1 does not exist\r\n550 5.1.1\r\n";
  SmtpReplyParser parser;
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    const auto reply = parser.feed(text.substr(i, 1));
    ASSERT_TRUE(reply);
    EXPECT_FALSE(*reply);
  }
  const auto reply = parser.feed("\n");
  ASSERT_TRUE(reply && *reply);
  EXPECT_EQ((*reply)->lines.size(), 3U);
  EXPECT_EQ((*reply)->words(), "550 5.1.1 The account does not exist");
  EXPECT_FALSE(parser.surplus());
}

TEST(SmtpReply, WithoutTextOrCarriageReturnIsTaken) {
  EXPECT_EQ(read("250\r\n").code, 250);
  EXPECT_EQ(read("250 ok\n").words(), "250 ok");
  EXPECT_EQ(read("250 5.1.1 another class\r\n").enhanced, "");
  EXPECT_EQ(read("250 2.1.1234 too long\r\n").enhanced, "");
}

TEST(SmtpReply, WhatComesAfterItIsNoticed) {
  SmtpReplyParser parser;
  ASSERT_TRUE(parser.feed("220 go ahead\r\n250 injected\r\n"));
  EXPECT_TRUE(parser.surplus());
}

TEST(SmtpReply, NonsenseIsAnErrorAndStaysOne) {
  for (const auto* bad : {"HTTP/1.1 400 Bad Request\r\n", "25\r\n", "250_ok\r\n", "999 x\r\n", "150 x\r\n", "\r\n",
                          "250-a\r\n251 b\r\n"}) {
    SmtpReplyParser parser;
    const auto reply = parser.feed(bad);
    ASSERT_FALSE(reply) << bad;
    EXPECT_EQ(reply.error().kind, ErrorKind::bad_reply);
    EXPECT_FALSE(parser.feed("250 ok\r\n"));
  }
}

TEST(SmtpReply, HasNoMoreThanItsLimits) {
  SmtpReplyParser endless;
  EXPECT_FALSE(endless.feed("250 " + std::string(5000, 'x')));
  SmtpReplyParser many;
  std::string lines;
  for (int i = 0; i < 300; ++i) lines += "250-x\r\n";
  EXPECT_FALSE(many.feed(lines));
}

TEST(SmtpReply, WordsCanNeverBreakALog) {
  const auto reply = read("550 a\tb\x1b[31m\xff" + std::string(1000, 'y') + "\r\n");
  EXPECT_EQ(reply.words().substr(0, 16), "550 a?b?[31m?yyy");
  EXPECT_EQ(reply.words().size(), 200U);
}

TEST(SmtpRefusal, SaysWhetherALaterTryCanHelp) {
  struct Row {
    const char* reply;
    SmtpPhase phase;
    ErrorKind kind;
  };
  const Row rows[] = {
      {"421 4.3.2 closing\r\n", SmtpPhase::session, ErrorKind::throttled},
      {"554 no service\r\n", SmtpPhase::session, ErrorKind::not_sent},
      {"454 Throttling failure: Maximum sending rate exceeded.\r\n", SmtpPhase::mail, ErrorKind::throttled},
      {"450 4.2.1 busy\r\n", SmtpPhase::mail, ErrorKind::throttled},
      {"451 local error\r\n", SmtpPhase::mail, ErrorKind::throttled},
      {"452 4.2.2 full\r\n", SmtpPhase::mail, ErrorKind::throttled},
      {"535 Authentication Credentials Invalid\r\n", SmtpPhase::authentication, ErrorKind::credentials_invalid},
      {"454 4.7.0 temporary\r\n", SmtpPhase::authentication, ErrorKind::throttled},
      {"504 no such mechanism\r\n", SmtpPhase::authentication, ErrorKind::not_sent},
      {"530 5.7.0 log in first\r\n", SmtpPhase::mail, ErrorKind::credentials_invalid},
      {"550 5.1.1 unknown\r\n", SmtpPhase::mail, ErrorKind::rejected},
      {"551 not here\r\n", SmtpPhase::mail, ErrorKind::rejected},
      {"553 bad name\r\n", SmtpPhase::mail, ErrorKind::rejected},
      {"554 Message rejected: Email address is not verified.\r\n", SmtpPhase::mail, ErrorKind::rejected},
  };
  for (const auto& row : rows) {
    const auto reply = read(row.reply);
    const auto error = refusal(reply, row.phase, "mail:465", "it");
    EXPECT_EQ(name(error.kind), name(row.kind)) << row.reply;
    const bool quoted = error.message.contains(reply.words());
    EXPECT_EQ(quoted, row.phase != SmtpPhase::authentication) << error.message;
  }
}

}  // namespace
}  // namespace rekeyer::notify
