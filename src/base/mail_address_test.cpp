// Which texts are addresses, and which two are one mailbox.
#include "base/mail_address.hpp"

#include <gtest/gtest.h>

namespace rekeyer {
namespace {

TEST(MailAddress, IsWhatEveryMailServiceTakes) {
  for (const char* text :
       {"ann@example.com", "a@b.c", "Ann.Lee+keys@Mail.Example.com", "o'neil@example.com", "a=b/c@example.com",
        "1@2.3.example", "ops@xn--bcher-kva.example", "team_a@sub-domain.example.com"}) {
    EXPECT_TRUE(valid_mail_address(text)) << text;
  }
}

TEST(MailAddress, IsNothingElse) {
  for (const char* text : {"",
                           "@",
                           "ann",
                           "ann@",
                           "@example.com",
                           "ann@localhost",
                           "ann@example.",
                           "ann@.example.com",
                           "ann@example..com",
                           ".ann@example.com",
                           "ann.@example.com",
                           "a..b@example.com",
                           "ann@@example.com",
                           "ann@b@example.com",
                           "ann lee@example.com",
                           "\"ann lee\"@example.com",
                           "Ann <ann@example.com>",
                           "ann@exa mple.com",
                           "ann@-a.com",
                           "ann@a-.com",
                           "ann@[127.0.0.1]",
                           "ann@example.com\r\nBcc: b@example.com",
                           "ann@example.com ",
                           "m\xc3\xbcller@example.com",
                           "ann@b\xc3\xbc"
                           "cher.example",
                           "a,b@example.com",
                           "ann@example_.com"}) {
    EXPECT_FALSE(valid_mail_address(text)) << text;
  }
}

TEST(MailAddress, HasItsLimits) {
  const std::string label(63, 'd');
  EXPECT_TRUE(valid_mail_address(std::string(64, 'a') + "@example.com"));
  EXPECT_FALSE(valid_mail_address(std::string(65, 'a') + "@example.com"));
  EXPECT_TRUE(valid_mail_address("a@" + label + ".com"));
  EXPECT_FALSE(valid_mail_address("a@" + label + "d.com"));
  EXPECT_FALSE(valid_mail_address("a@" + label + "." + label + "." + label + "." + label + ".com"));
}

TEST(MailAddress, OfAnyCaseInItsHostIsTheSameMailbox) {
  EXPECT_EQ(mailbox_form("Ann@Example.COM"), "Ann@example.com");
  EXPECT_NE(mailbox_form("Ann@example.com"), mailbox_form("ann@example.com"));
  EXPECT_EQ(mailbox_form("no address"), "no address");
}

TEST(MailAddress, StandsAloneWhereThereIsANameBesideIt) {
  EXPECT_EQ(bare_address("Access keys <keys@example.com>"), "keys@example.com");
  EXPECT_EQ(bare_address("\"A <b>\" <keys@example.com>"), "keys@example.com");
  EXPECT_EQ(bare_address("<keys@example.com>"), "keys@example.com");
  EXPECT_EQ(bare_address("keys@example.com"), "keys@example.com");
  EXPECT_EQ(bare_address("<>"), "");
  EXPECT_EQ(bare_address("Access keys <keys@example.com"), "Access keys <keys@example.com");
  EXPECT_EQ(bare_address("Access keys <keys@example.com> or so"), "Access keys <keys@example.com> or so");
}

TEST(MailAddress, ANameLosesItsQuotationMarks) {
  EXPECT_EQ(unquoted_name("\"Last, First\""), "Last, First");
  EXPECT_EQ(unquoted_name(R"("J\"\\\a")"), "J\"\\a");
  EXPECT_EQ(unquoted_name("First"), "First");
  EXPECT_EQ(unquoted_name("\""), "\"");
  EXPECT_EQ(unquoted_name("\"\""), "");
  EXPECT_EQ(unquoted_name(R"("a\")"), "a\\");
}

}  // namespace
}  // namespace rekeyer
