#include "aws/http/query.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"

namespace rekeyer::aws {
namespace {

using namespace std::string_view_literals;

TEST(PercentEncode, KeepsOnlyUnreservedBytes) {}

TEST(PercentDecode, ReversesEveryByte) {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  EXPECT_EQ(percent_decode(percent_encode(all)), all);
  EXPECT_EQ(percent_decode("%7b+%7D"), "{+}");
}

TEST(PercentDecode, RefusesBrokenEscapes) {
  for (const auto text : {"%"sv, "%4"sv, "%zz"sv, "a%2"sv, "%-1"sv}) {
    const auto decoded = percent_decode(text);
    ASSERT_FALSE(decoded) << text;
    EXPECT_EQ(decoded.error().kind, ErrorKind::bad_reply);
  }
}

TEST(QueryBody, WritesActionVersionAndParametersInOrder) {
  QueryBody body("CreateAccessKey", "2010-05-08");
  body.add("UserName", "ann@example.com")
      .add("MaxItems", 100)
      .add("Flag", true)
      .add("Empty", "")
      .add("Tags.member.1.Key", std::string("a b"));
  EXPECT_EQ(std::string_view(body.finish()),
            "Action=CreateAccessKey&Version=2010-05-08&UserName=ann%40example.com&MaxItems=100&Flag=true&Empty=&"
            "Tags.member.1.Key=a%20b");
}

TEST(QueryBody, NumbersOfEveryWidthAreDecimal) {
  QueryBody body("A", "1");
  body.add("a", -1).add("b", std::uint64_t{18446744073709551615U}).add("c", std::int64_t{1} << 40).add("d", false);
  EXPECT_EQ(std::string_view(body.finish()), "Action=A&Version=1&a=-1&b=18446744073709551615&c=1099511627776&d=false");
}

}  // namespace
}  // namespace rekeyer::aws
