#include "probe/redaction.hpp"

#include <gtest/gtest.h>

namespace rekeyer::probe {
namespace {

TEST(Redaction, HidesAccountsIdsAndAddresses) {
  const Redaction hide;
  EXPECT_EQ(hide("arn:aws:iam::111111111111:user/x"), "arn:aws:iam::<account>:user/x");
  EXPECT_EQ(hide("The Access Key with id AKIAEXAMPLEEXAMPLE22 cannot be found."),
            "The Access Key with id <id> cannot be found.");
  EXPECT_EQ(hide("AIDAEXAMPLEEXAMPLE222 AROAEXAMPLEEXAMPLE222:session"), "<id> <id>:session");
  EXPECT_EQ(hide("Email address is not verified: ann.weber+keys@mail.example.com, sorry"),
            "Email address is not verified: <address>, sorry");
}

TEST(Redaction, LeavesTheRest) {
  const Redaction hide;
  for (const auto* const text : {"after 12.3 s", "409 LimitExceeded: Cannot exceed quota for AccessKeysPerUser: 2", "",
                                 "  two  spaces ", "1234567890123 digits", "rekeyer-probe-0123456789abcdef-ann"}) {
    EXPECT_EQ(hide(text), text);
  }
}

}  // namespace
}  // namespace rekeyer::probe
