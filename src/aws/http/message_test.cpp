#include "aws/http/message.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rekeyer::aws {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Headers, NamesCompareWithoutCaseAndKeepTheirOrder) {
  Headers headers;
  headers.add("Host", "a");
  headers.add("X-Amz-Date", "b");
  headers.add("host", "c");
  EXPECT_EQ(headers.find("HOST"), "a");
  EXPECT_EQ(headers.find("x-amz-date"), "b");
  EXPECT_EQ(headers.find("absent"), std::nullopt);
  ASSERT_EQ(headers.fields().size(), 3U);
  EXPECT_EQ(headers.fields()[2].value, "c");
}

TEST(Headers, SetReplacesEveryFieldOfThatName) {
  Headers headers;
  headers.add("a", "1");
  headers.add("b", "2");
  headers.add("A", "3");
  headers.set("a", *headers.find("b"));
  ASSERT_EQ(headers.fields().size(), 2U);
  EXPECT_EQ(headers.find("a"), "2");
  headers.remove("B");
  EXPECT_EQ(headers.find("b"), std::nullopt);
}

TEST(Headers, CopyIsIndependent) {
  Headers first;
  first.add("token", "a long enough value to live on the heap");
  {
    const Headers second = first;
    EXPECT_EQ(second.find("token"), first.find("token"));
  }
  EXPECT_EQ(first.find("token"), "a long enough value to live on the heap");
  Headers third;
  third.add("x", "y");
  third = first;
  EXPECT_EQ(third.fields().size(), 1U);
}

struct Parsed {
  std::string_view text, scheme, host;
  int port;
  std::string_view path, query, host_header;
};

TEST(ParseUrl, ReadsHostPortPathAndQuery) {
  const Parsed table[] = {
      {"https://iam.amazonaws.com", "https", "iam.amazonaws.com", 443, "/", "", "iam.amazonaws.com"},
      {"http://localhost:5000/", "http", "localhost", 5000, "/", "", "localhost:5000"},
      {"HTTPS://IAM.Example.com:443/x", "https", "iam.example.com", 443, "/x", "", "iam.example.com"},
      {"http://a:443", "http", "a", 443, "/", "", "a:443"},
      {"http://169.254.169.254/latest/meta-data", "http", "169.254.169.254", 80, "/latest/meta-data", "",
       "169.254.169.254"},
      {"https://h/prefix/v1?a=b&c", "https", "h", 443, "/prefix/v1", "a=b&c", "h"},
      {"https://h?a=b", "https", "h", 443, "/", "a=b", "h"},
      {"http://[fd00:ec2::254]/", "http", "fd00:ec2::254", 80, "/", "", "[fd00:ec2::254]"},
      {"http://[::1]:8080/%20", "http", "::1", 8080, "/%20", "", "[::1]:8080"},
      {"http://h/a@b", "http", "h", 80, "/a@b", "", "h"},
  };
  for (const auto& row : table) {
    const auto url = parse_url(row.text);
    ASSERT_TRUE(url) << row.text << ": " << url.error().message;
    EXPECT_EQ(url->scheme, row.scheme) << row.text;
    EXPECT_EQ(url->host, row.host) << row.text;
    EXPECT_EQ(url->port, row.port) << row.text;
    EXPECT_EQ(url->path, row.path) << row.text;
    EXPECT_EQ(url->query, row.query) << row.text;
    EXPECT_EQ(url->host_header(), row.host_header) << row.text;
    EXPECT_EQ(parse_url(url->str()), *url) << row.text;
  }
}

TEST(ParseUrl, RefusesWhatCannotBeSentSafely) {
  using namespace std::string_view_literals;
  const std::string_view table[] = {
      "",
      "iam.amazonaws.com",
      "ftp://h/",
      "https://",
      "https:///path",
      "https://h:0/",
      "https://h:65536/",
      "https://h:x/",
      "https://h:/",
      "https://h:80 /",
      "https://h/a b",
      "https://h/\r\nX-Evil: 1",
      "https://h/\0"sv,
      "https://h\\evil/",
      "https://h/#frag",
      "https://-h/",
      "https://h/\xc3\xa9",
      "http://[::1",
      "http://[::1]x/",
      "http://[fe80::1%25eth0]/",
      "http://[abc]/",
      "http://a b/",
      "http://h\n/",
  };
  for (const auto text : table) {
    const auto url = parse_url(text);
    ASSERT_FALSE(url) << text;
    EXPECT_EQ(url.error().kind, ErrorKind::usage) << text;
  }
}

TEST(ParseUrl, UserInfoIsRefusedAndNotRepeated) {
  for (const std::string_view text : {"https://bob:hunter2@h/", "bob:hunter2@h", "ftp://bob:hunter2@h/"}) {
    const auto url = parse_url(text);
    ASSERT_FALSE(url) << text;
    EXPECT_THAT(url.error().message, Not(HasSubstr("hunter2")));
    EXPECT_THAT(url.error().message, HasSubstr("password"));
  }
}

}  // namespace
}  // namespace rekeyer::aws
