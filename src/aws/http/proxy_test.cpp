#include "aws/http/proxy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace rekeyer::aws {
namespace {

using testing::HasSubstr;
using testing::Not;

Result<ProxySettings> settings(std::map<std::string, std::string, std::less<>> variables) {
  return ProxySettings::from_environment([variables](std::string_view name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    if (found == variables.end()) return std::nullopt;
    return found->second;
  });
}

TEST(Proxy, IsChosenByTheTargetsScheme) {
  const auto chosen = settings({{"http_proxy", "http://plain:3128"}, {"HTTPS_PROXY", "secure"}});
  ASSERT_TRUE(chosen);
  const auto* for_http = chosen->choose(*parse_url("http://a/"));
  const auto* for_https = chosen->choose(*parse_url("https://a/"));
  ASSERT_NE(for_http, nullptr);
  ASSERT_NE(for_https, nullptr);
  EXPECT_EQ(for_http->url.host, "plain");
  EXPECT_EQ(for_http->url.port, 3128);
  EXPECT_EQ(for_https->url.host, "secure");
  EXPECT_EQ(for_https->url.port, 80);
  EXPECT_TRUE(for_https->authorization.empty());
}

TEST(Proxy, LowerCaseWinsAndAnEmptyValueMeansNone) {
  EXPECT_EQ(settings({{"https_proxy", "lower:1"}, {"HTTPS_PROXY", "upper:1"}})->for_https->url.host, "lower");
  EXPECT_FALSE(settings({{"https_proxy", ""}, {"HTTPS_PROXY", "upper:1"}})->for_https);
  EXPECT_FALSE(settings({})->for_https);
  EXPECT_EQ(settings({{"NO_PROXY", "a"}})->no_proxy, "a");
}

TEST(Proxy, CredentialsBecomeBasicAuthorization) {
  const auto proxy = parse_proxy("http://user:p%40ss@proxy:3128", "https_proxy");
  ASSERT_TRUE(proxy);
  EXPECT_EQ(proxy->authorization.reveal(), "Basic dXNlcjpwQHNz");
  EXPECT_EQ(parse_proxy("user@proxy", "x")->authorization.reveal(), "Basic dXNlcjo=");
  EXPECT_EQ(parse_proxy("http://user:p@ss@proxy:3128/", "x")->authorization.reveal(), "Basic dXNlcjpwQHNz");
  EXPECT_EQ(parse_proxy("https://proxy", "x")->url.port, 443);
}

TEST(Proxy, AWrongOneIsNamedButNotRepeated) {
  for (const auto* text : {"socks5://user:hunter2@h:1080", "http://user:hunter2@", "http://user:hunter2@h:x",
                           "http://user:%zzhunter2@h:1", "http://user:hunter2@h/path", "http://user:hunter2@h h"}) {
    const auto proxy = settings({{"HTTPS_PROXY", text}});
    ASSERT_FALSE(proxy) << text;
    EXPECT_EQ(proxy.error().kind, ErrorKind::usage);
    EXPECT_THAT(proxy.error().message, HasSubstr("HTTPS_PROXY"));
    EXPECT_THAT(proxy.error().message, Not(HasSubstr("hunter2")));
  }
}

TEST(NoProxy, FollowsTheUsualRules) {
  struct {
    std::string_view list, url;
    bool direct;
  } const table[] = {
      {"", "http://a.example.com/", false},
      {"*", "http://a.example.com/", true},
      {"example.com", "http://example.com/", true},
      {"example.com", "http://a.example.com/", true},
      {"example.com", "http://badexample.com/", false},
      {"example.com", "http://example.com.evil.net/", false},
      {".example.com", "http://a.example.com/", true},
      {".example.com", "http://example.com/", true},
      {"*.example.com", "http://a.example.com/", true},
      {"Example.COM", "http://a.example.com/", true},
      {"example.com:8080", "http://example.com:8080/", true},
      {"example.com:8080", "http://example.com/", false},
      {"a.net, .example.com ,b.net", "http://x.example.com/", true},
      {"a.net .example.com", "http://x.example.com/", true},
      {",,", "http://x.example.com/", false},
      {"localhost", "http://127.0.0.1/", false},
      {"", "http://localhost/", false},
      {"169.254.169.254", "http://169.254.169.254/", true},
      {"169.254.169.254", "http://169.254.169.25/", false},
      {"54", "http://169.254.169.254/", false},
      {"10.0.0.0/8", "http://10.1.2.3/", true},
      {"10.0.0.0/8", "http://11.1.2.3/", false},
      {"10.1.0.0/16", "http://name.10.1.0.0/", false},
      {"10.0.0.0/99", "http://10.1.2.3/", false},
      {"127.0.0.1:80", "http://127.0.0.1/", true},
      {"127.0.0.1:81", "http://127.0.0.1/", false},
      {"::1", "http://[::1]:8080/", true},
      {"[::1]", "http://[::1]:8080/", true},
      {"[::1]:8080", "http://[::1]:8080/", true},
      {"[::1]:8081", "http://[::1]:8080/", false},
      {"fd00::/8", "http://[fd00:ec2::254]/", true},
      {"fd00::/8", "http://[fe00:ec2::254]/", false},
      {"10.0.0.0/8", "http://[::ffff:10.0.0.1]/", true},
  };
  for (const auto& row : table) {
    EXPECT_EQ(matches_no_proxy(row.list, *parse_url(row.url)), row.direct) << row.list << " for " << row.url;
  }
}

}  // namespace
}  // namespace rekeyer::aws
