// Requests' targets and replies' heads, as they go over the wire.
#include "sandbox/server/http_text.hpp"

#include <gtest/gtest.h>

namespace rekeyer::sandbox {
namespace {

TEST(RequestedUrl, KeepsPathAndQueryAsTheyWereSent) {
  const auto url = requested_url("/v2/email/identities/a%40b.c?PageSize=5&NextToken=%2B", "127.0.0.1:5000");
  EXPECT_EQ(url.scheme, "http");
  EXPECT_EQ(url.host, "127.0.0.1");
  EXPECT_EQ(url.port, 5000);
  EXPECT_EQ(url.path, "/v2/email/identities/a%40b.c");
  EXPECT_EQ(url.query, "PageSize=5&NextToken=%2B");
  EXPECT_EQ(url.host_header(), "127.0.0.1:5000");
}

TEST(RequestedUrl, ReadsHostsWithoutPortAndOfSixes) {
  EXPECT_EQ(requested_url("/", "localhost").host_header(), "localhost");
  EXPECT_EQ(requested_url("/", "[::1]:81").host, "::1");
  EXPECT_EQ(requested_url("/", "[::1]:81").port, 81);
  EXPECT_EQ(requested_url("/", "[::1]").host, "::1");
  EXPECT_EQ(requested_url("http://elsewhere/a?b", "localhost").path, "/a");
  EXPECT_EQ(requested_url("http://elsewhere", "localhost").path, "/");
}

TEST(ReplyHead, HasTheDoorsOwnDateLengthAndConnection) {
  aws::HttpResponse reply;
  reply.status = 404;
  reply.headers.add("date", "yesterday");
  reply.headers.add("x-amzn-RequestId", "7");
  reply.headers.add("Connection", "upgrade");
  reply.body = "12345";
  const Instant now{std::chrono::sys_days{std::chrono::year{2026} / 1 / 2}};
  EXPECT_EQ(std::string(reply_head(reply, now, true)),
            "HTTP/1.1 404 Not Found\r\nDate: Fri, 02 Jan 2026 00:00:00 GMT\r\nContent-Length: 5\r\n"
            "x-amzn-RequestId: 7\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_TRUE(std::string(reply_head(reply, now, false)).ends_with("Connection: close\r\n\r\n"));
}

}  // namespace
}  // namespace rekeyer::sandbox
