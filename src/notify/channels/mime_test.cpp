#include "notify/channels/mime.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "base/mail_address.hpp"
#include "notify/model/address.hpp"

namespace rekeyer::notify {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr Instant noon = std::chrono::sys_days{std::chrono::year{2026} / 3 / 1} + std::chrono::hours{12};

MailHeader header(std::string from = "Rotation Robot <rotation@example.com>") {
  return {std::move(from), {}, noon, "20260301T120000Z.abc@example.com"};
}

TEST(Mime, IsWrittenByteByByteAsThisSays) {
  const auto text = mime_message({"owner@example.com", "Key replaced", "Hello é\n", "<p>Hello</p>\n"}, header());
  ASSERT_TRUE(text);
  EXPECT_EQ(*text,
            "Date: Sun, 01 Mar 2026 12:00:00 +0000\r\n"
            "From: Rotation Robot <rotation@example.com>\r\n"
            "To: owner@example.com\r\n"
            "Subject: Key replaced\r\n"
            "Message-ID: <20260301T120000Z.abc@example.com>\r\n"
            "MIME-Version: 1.0\r\n"
            "Auto-Submitted: auto-generated\r\n"
            "Content-Type: multipart/alternative;\r\n boundary=\"=_rekeyer_alternative\"\r\n"
            "\r\n"
            "--=_rekeyer_alternative\r\n"
            "Content-Type: text/plain; charset=utf-8\r\n"
            "Content-Transfer-Encoding: quoted-printable\r\n"
            "\r\n"
            "Hello =C3=A9\r\n"
            "\r\n--=_rekeyer_alternative\r\n"
            "Content-Type: text/html; charset=utf-8\r\n"
            "Content-Transfer-Encoding: quoted-printable\r\n"
            "\r\n"
            "<p>Hello</p>\r\n"
            "\r\n--=_rekeyer_alternative--\r\n");
}

TEST(Mime, ALineBreakInAHeaderIsRefused) {
  const std::string nul("a\0b", 3);
  for (const auto& subject : {std::string("a\r\nBcc: x@example.com"), std::string("a\nb"), std::string("a\rb"), nul}) {
    const auto text = mime_message({"owner@example.com", subject, "", ""}, header());
    ASSERT_FALSE(text);
    EXPECT_EQ(text.error().kind, ErrorKind::rejected);
    EXPECT_THAT(text.error().message, Not(HasSubstr("\n")));
  }
  EXPECT_FALSE(mime_message({"a@b.c\r\nRCPT TO:<x@y.z>", "s", "", ""}, header()));
  EXPECT_FALSE(mime_message({"a@b.c", "s", "", ""}, header("x\r\nBcc: y@example.com <a@b.c>")));
  auto replies = header();
  replies.reply_to = {"fine@example.com", "a@b.c>\r\nX: y"};
  EXPECT_FALSE(mime_message({"a@b.c", "s", "", ""}, replies));
}

TEST(Mime, IdsAreUniqueAndOfTheSendersDomain) {
  Random random(1);
  const auto first = new_message_id(random, noon, "example.com");
  EXPECT_TRUE(first.starts_with("20260301T120000Z.") && first.ends_with("@example.com")) << first;
  EXPECT_NE(first, new_message_id(random, noon, "example.com"));
}

TEST(QuotedPrintable, KeepsEveryByteAndEveryLineShort) {
  EXPECT_EQ(quoted_printable("a=b"), "a=3Db");
  EXPECT_EQ(quoted_printable("end \nend\t\r\n"), "end=20\r\nend=09\r\n");
  EXPECT_EQ(quoted_printable("end "), "end=20");
  EXPECT_EQ(quoted_printable("\r"), "=0D");
  EXPECT_EQ(quoted_printable(""), "");
  EXPECT_EQ(quoted_printable(std::string(75, 'a')), std::string(75, 'a'));
  EXPECT_EQ(quoted_printable(std::string(76, 'a')), std::string(75, 'a') + "=\r\na");
  EXPECT_EQ(quoted_printable(std::string(74, 'a') + "="), std::string(74, 'a') + "=\r\n=3D");
}

TEST(Address, OnlyWhatMayStandInACommandIsTaken) {
  for (const auto* good : {"a@b.c", "first.last+tag@mail.example.com", "o'neil@example.com"}) {
    EXPECT_TRUE(valid_mail_address(good)) << good;
  }
  for (const auto* bad :
       {"", "a", "@b", "a@", "a b@c", "a@b c", "a@b\r\n", "a@b@c", "<a@b>", "\"a b\"@c", "a@[127.0.0.1]",
        "ö@example.com", "a@b..c", "a@.b", "a@b.", "a@b>", "a,b@c", "a@b;c", "a@exämple.com"}) {
    EXPECT_FALSE(valid_mail_address(bad)) << bad;
  }
  EXPECT_FALSE(valid_mail_address(std::string_view("a\0@b", 4)));
  EXPECT_FALSE(valid_mail_address(std::string(300, 'a') + "@b"));
}

TEST(Address, ANameMayStandBeforeIt) {
  const auto quoted = parse_mailbox("\"Robot, \\\"R\\\"\" <a@b.c>");
  ASSERT_TRUE(quoted);
  EXPECT_EQ(quoted->name, "Robot, \"R\"");
  EXPECT_EQ(quoted->address, "a@b.c");
  EXPECT_EQ(parse_mailbox(" a@b.c ")->address, "a@b.c");
  EXPECT_FALSE(parse_mailbox("Name"));
  EXPECT_FALSE(parse_mailbox("Name <a@b.c"));
  EXPECT_FALSE(parse_mailbox("Na\nme <a@b.c>"));
}

}  // namespace
}  // namespace rekeyer::notify
