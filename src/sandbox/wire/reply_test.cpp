#include "sandbox/wire/reply.hpp"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "sandbox/wire/encode.hpp"

namespace rekeyer::sandbox {
namespace {

constexpr std::string_view id = "00000000-0000-4000-8000-000000000001";

Call call_of(Protocol protocol, std::string service, std::string operation) {
  Call call;
  call.protocol = protocol;
  call.service = std::move(service);
  call.operation = std::move(operation);
  return call;
}

boost::json::object object(std::string_view text) { return boost::json::parse(text).get_object(); }
std::string text(const WipedString& body) { return {body.data(), body.size()}; }
std::string xml(std::string_view tree) {
  WipedString out;
  append_xml(out, object(tree));
  return text(out);
}

TEST(Reply, WrapsAQueryResultInItsNamespace) {
  const auto response = success(call_of(Protocol::query, "iam", "ListUserTags"), object(R"({"Tags":[]})"), id);
  EXPECT_EQ(
      text(response.body),
      "<ListUserTagsResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><ListUserTagsResult><Tags></Tags>"
      "</ListUserTagsResult><ResponseMetadata><RequestId>00000000-0000-4000-8000-000000000001</RequestId>"
      "</ResponseMetadata></ListUserTagsResponse>");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.headers.find("content-type"), "text/xml");
  EXPECT_EQ(response.headers.find("x-amzn-requestid"), id);
}

TEST(Reply, LeavesTheResultOutWhereTheOperationHasNone) {
  const auto has_result = [](std::string service, std::string operation) {
    const auto response = success(call_of(Protocol::query, std::move(service), operation), {}, id);
    return text(response.body).find("<" + operation + "Result>") != std::string::npos;
  };
  EXPECT_FALSE(has_result("iam", "UpdateAccessKey"));
  EXPECT_FALSE(has_result("iam", "TagUser"));
  EXPECT_FALSE(has_result("sns", "DeleteTopic"));
  EXPECT_TRUE(has_result("sns", "TagResource"));
  EXPECT_TRUE(has_result("ses", "VerifyEmailIdentity"));
  EXPECT_TRUE(has_result("iam", "UpdateRole"));
}

TEST(Reply, WritesTreesAsElements) {
  EXPECT_EQ(xml(R"({"Users":[{"Name":"a"},{"Name":"b"}],"More":false,"Count":3,"Gone":null})"),
            "<Users><member><Name>a</Name></member><member><Name>b</Name></member></Users><More>false</More>"
            "<Count>3</Count>");
  EXPECT_EQ(xml(R"({"SummaryMap":{"entry":[{"key":"Users","value":2},{"key":"Roles","value":1}]}})"),
            "<SummaryMap><entry><key>Users</key><value>2</value></entry><entry><key>Roles</key><value>1</value></entry>"
            "</SummaryMap>");
  EXPECT_EQ(xml(R"({"T":"a<b>&\"'\r\n\t\u0001é"})"), "<T>a&lt;b&gt;&amp;&quot;&apos;&#xD;\n\t\xef\xbf\xbd\xc3\xa9</T>");
}

TEST(Reply, WritesWholeSecondsAsWholeNumbers) {
  WipedString out;
  append_json(out,
              object(R"({"a":1767323045.0,"b":1767323045.125,"c":"x\"\\\n\u0007","d":[1,true,null],"e":{},"f":[]})"));
  EXPECT_EQ(text(out), R"({"a":1767323045,"b":1767323045.125,"c":"x\"\\\n\u0007","d":[1,true,null],"e":{},"f":[]})");
}

TEST(Reply, SpeaksEachProtocolsErrors) {
  const ServiceError refusal{"NoSuch<Entity", "a & b", 404};
  const auto query = failure(call_of(Protocol::query, "sts", "AssumeRole"), refusal, id);
  EXPECT_EQ(text(query.body),
            "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type>"
            "<Code>NoSuch&lt;Entity</Code><Message>a &amp; b</Message></Error>"
            "<RequestId>00000000-0000-4000-8000-000000000001</RequestId></ErrorResponse>");
  EXPECT_EQ(query.status, 404);
  const auto json = failure(call_of(Protocol::json, "secretsmanager", "ListSecrets"), refusal, id);
  EXPECT_EQ(text(json.body), R"({"__type":"NoSuch<Entity","Message":"a & b"})");
  EXPECT_EQ(json.headers.find("content-type"), "application/x-amz-json-1.1");
  const auto kms = failure(call_of(Protocol::json, "kms", "CreateKey"), refusal, id);
  EXPECT_EQ(text(kms.body), R"({"__type":"NoSuch<Entity","message":"a & b"})");
  const auto rest = failure(call_of(Protocol::rest_json, "ses", "SendEmail"), refusal, id);
  EXPECT_EQ(text(rest.body), R"({"message":"a & b"})");
  EXPECT_EQ(rest.headers.find("x-amzn-errortype"), "NoSuch<Entity");
  EXPECT_EQ(rest.headers.find("content-type"), "application/json");
  const auto fault = failure(call_of(Protocol::query, "iam", "ListUsers"), internal_error("iam"), id);
  EXPECT_NE(text(fault.body).find("<Type>Receiver</Type><Code>ServiceFailure</Code>"), std::string::npos);
}

TEST(Reply, SpellsTimesAndPercentEncoding) {
  const auto instant = *parse_iso8601("2026-01-02T03:04:05.500Z");
  EXPECT_EQ(http_date(instant), "Fri, 02 Jan 2026 03:04:05 GMT");
  EXPECT_EQ(parse_http_date(http_date(instant)), *parse_iso8601("2026-01-02T03:04:05Z"));
  EXPECT_EQ(xml_time(instant), "2026-01-02T03:04:05Z");
  EXPECT_DOUBLE_EQ(json_time(instant), 1767323045.5);
  EXPECT_EQ(percent_encoded("{\"a b\": *~-_.}\xc3\xa4"), "%7B%22a%20b%22%3A%20%2A~-_.%7D%C3%A4");
}

TEST(ServiceError, HasEachServicesOwnCodesAndStatus) {
  EXPECT_EQ(throttled("iam").code, "Throttling");
  EXPECT_EQ(throttled("organizations").code, "TooManyRequestsException");
  EXPECT_EQ(throttled("organizations").status, 400);
  EXPECT_EQ(throttled("ses").status, 429);
  EXPECT_EQ(internal_error("secretsmanager").code, "InternalServiceError");
  EXPECT_EQ(internal_error("events").code, "InternalException");
  EXPECT_EQ(throttled("s3").status, 503);
  EXPECT_EQ(throttled("account").status, 429);
  EXPECT_EQ(internal_error("logs").code, "InternalFailure");
  const ServiceError refusal = denied("iam", "arn:a", "iam:ListUsers", "arn:r");
  EXPECT_EQ(refusal.code, "AccessDenied");
  EXPECT_EQ(refusal.status, 403);
  EXPECT_EQ(refusal.message,
            "User: arn:a is not authorized to perform: iam:ListUsers on resource: arn:r because no identity-based "
            "policy allows the action");
  EXPECT_EQ(denied("secretsmanager", "arn:a", "x", "").status, 400);
}

TEST(ObjectReply, HeadersCarryWhatAnObjectIs) {
  Call call = call_of(Protocol::rest_xml, "s3", "GetObject");
  const auto reply = success(
      call, {{"Body", "abc"}, {"ETag", "\"e\""}, {"ContentType", "text/plain"}, {"ContentRange", "bytes 0-2/9"}},
      "r-1");
  EXPECT_EQ(reply.status, 206);
  EXPECT_EQ(text(reply.body), "abc");
  EXPECT_EQ(reply.headers.find("ETag"), "\"e\"");
  EXPECT_EQ(reply.headers.find("x-amz-request-id"), "r-1");
  call.operation = "DeleteObject";
  EXPECT_EQ(success(call, {}, "r").status, 204);
}

TEST(ObjectReply, ListsStandWithoutAFrame) {
  Call call = call_of(Protocol::rest_xml, "s3", "ListObjectsV2");
  const auto reply = success(
      call,
      {{"Name", "b"},
       {"IsTruncated", false},
       {"Contents", boost::json::array{boost::json::object{{"Key", "a&b"}}, boost::json::object{{"Key", "c"}}}}},
      "r");
  EXPECT_EQ(text(reply.body),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>b</Name>"
            "<IsTruncated>false</IsTruncated><Contents><Key>a&amp;b</Key></Contents><Contents><Key>c</Key></Contents>"
            "</ListBucketResult>");
}

TEST(ObjectReply, ARefusalNamesTheBucketsRegion) {
  Call call = call_of(Protocol::rest_xml, "s3", "GetObject");
  call.input = {{"Bucket", "b"}};
  const auto reply = failure(call, {"PermanentRedirect", "elsewhere", 301, "eu-west-1"}, "r");
  EXPECT_EQ(reply.status, 301);
  EXPECT_EQ(reply.headers.find("x-amz-bucket-region"), "eu-west-1");
  EXPECT_EQ(
      text(reply.body),
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>PermanentRedirect</Code>"
      "<Message>elsewhere</Message><BucketName>b</BucketName><RequestId>r</RequestId><HostId>sandbox</HostId></Error>");
  call.operation = "HeadObject";
  EXPECT_EQ(text(failure(call, {"NoSuchKey", "no", 404}, "r").body), "");
}

}  // namespace
}  // namespace rekeyer::sandbox
