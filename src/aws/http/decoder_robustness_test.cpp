// Every decoder gets damaged documents: it may refuse or accept them, but must neither crash nor read outside (the
// sanitizers see).
#include <gtest/gtest.h>

#include "aws/http/csv.hpp"
#include "aws/http/json.hpp"
#include "aws/http/query.hpp"
#include "aws/http/service_error.hpp"
#include "aws/http/transport_fixture.hpp"
#include "aws/http/xml.hpp"
#include "base/base64.hpp"
#include "base/random.hpp"

namespace rekeyer::aws {
namespace {

constexpr std::uint64_t seed = 0x5eed;

std::string damaged(std::string text, Random& random) {
  constexpr std::string_view telling = "<>&;!?[]{}\",:=%#/\\\0\r\n\x80\xff 019eE+-";
  for (auto changes = 1 + random.below(4); changes > 0 && !text.empty(); --changes) {
    const auto at = random.below(text.size());
    switch (random.below(4)) {
      case 0: text[at] = telling[random.below(telling.size())]; break;
      case 1: text.insert(at, 1, telling[random.below(telling.size())]); break;
      case 2: text.erase(at, 1 + random.below(8)); break;
      default: text.insert(at, text.substr(random.below(text.size()), random.below(16))); break;
    }
  }
  return text;
}

void walk(const XmlNode& node) {
  (void)node.text();
  (void)node.integer("A");
  for (const auto& child : node.children()) walk(child);
}

void walk(const JsonValue& value) {
  for (const auto& [name, member] : value.members()) {
    (void)value.optional_string(name);
    (void)value.optional_time(name);
    (void)value.optional_integer(name);
    const auto elements = value.optional_array(name);
    for (const auto& element : elements.value_or(std::vector<JsonValue>{})) walk(element);
    walk(member);
  }
}

TEST(DecoderRobustness, DamagedDocumentsAreRefusedOrRead) {
  Random random(seed);
  const std::string xml =
      "<?xml version=\"1.0\"?><r:R xmlns:r=\"u\"><A>1</A><!-- c --><L><member>a&amp;&#x41;b</member><member/>"
      "<![CDATA[x]]></L><Error><Code>C</Code></Error></r:R>";
  const std::string json =
      R"({"a":[1,2.5e3,-1,{"b":null}],"c":"\u00e9\ud83d\udd11\n","d":true,"__type":"x#Y:z","e":{}})";
  const std::string csv = "user,\"a \"\"b\"\"\",c\r\nx,\"y\nz\",\n1,2,3";
  int xml_read = 0, json_read = 0, rows_read = 0;
  for (int i = 0; i < 4000; ++i) {
    SCOPED_TRACE(testing::Message() << "seed " << seed << ", round " << i);
    if (const auto root = XmlNode::parse(damaged(xml, random))) {
      walk(*root);
      ++xml_read;
    }
    if (const auto value = JsonValue::parse(damaged(json, random))) {
      walk(*value);
      ++json_read;
    }
    const auto text = damaged(csv, random);
    if (auto reader = CsvReader::open(text)) {
      CsvReader::Row row;
      for (auto more = reader->next(row); more && *more; more = reader->next(row)) {
        EXPECT_EQ(row.size(), reader->columns().size());
        ++rows_read;
      }
    }
    (void)base64_decode(damaged("Zm9vYmFyZm9vYg==", random));
    (void)percent_decode(damaged("a%20b%2Fc%C3%A9", random));
    (void)read_xml_error(damaged(xml, random));
    (void)read_json_error(damaged(json, random));
    (void)parse_url(damaged("https://user.example.com:8443/a/b?c=d", random));
  }
  for (const int read : {xml_read, json_read, rows_read}) EXPECT_GT(read, 100) << "nearly all were refused at the door";
}

TEST_F(TransportTest, DamagedRepliesNeitherHangNorReachTheNextRequest) {
  Random random(seed);
  const std::string replies[] = {
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: y\r\n\r\nhello",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: T\r\n\r\n5;x=\"y\"\r\nhello\r\n0\r\nT: u\r\n\r\n",
  };
  std::string reply;
  const auto& server = serve([&](Peer& peer) -> Task<void> {
    co_await peer.request();
    co_await peer.send(reply);
  });
  int refused = 0;
  for (int i = 0; i < 400; ++i) {
    SCOPED_TRACE(testing::Message() << "seed " << seed << ", round " << i);
    reply = damaged(replies[i % 2], random);
    auto once = request(server.port());
    once.repeatable = false;
    const auto result = send(std::move(once));
    if (!result) {
      ++refused;
      EXPECT_TRUE(result.error().kind == ErrorKind::outcome_unknown || result.error().kind == ErrorKind::bad_reply)
          << describe(result.error());
    }
  }
  EXPECT_GT(refused, 40);
  EXPECT_LT(refused, 360);
  reply = ok_reply("whole");
  EXPECT_EQ(body_of(send(request(server.port()))), "whole");
}

}  // namespace
}  // namespace rekeyer::aws
