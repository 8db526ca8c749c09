#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "sandbox/wire/call.hpp"
#include "sandbox/wire/form.hpp"

namespace rekeyer::sandbox {
namespace {

constexpr std::string_view scope = ", SignedHeaders=host;x-amz-date, Signature=ab12";

aws::HttpRequest post(std::string_view body, std::string_view service = "iam") {
  aws::HttpRequest request;
  request.method = "POST";
  request.body = WipedString(body);
  request.headers.add("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
  request.headers.add("Authorization", "AWS4-HMAC-SHA256 Credential=AKIAX/20260102/us-east-1/" + std::string(service) +
                                           "/aws4_request" + std::string(scope));
  return request;
}

std::string tree(std::string_view body) {
  const auto parsed = parse_form(body);
  return parsed ? boost::json::serialize(*parsed) : "malformed";
}

TEST(ParseForm, BuildsListsStructuresAndMapsFromDottedNames) {
  EXPECT_EQ(tree("UserName=ann&Tags.member.1.Key=a&Tags.member.1.Value=b&Tags.member.2.Key=c"),
            R"({"UserName":"ann","Tags":[{"Key":"a","Value":"b"},{"Key":"c"}]})");
  EXPECT_EQ(tree("ActionNames.member.1=x&ActionNames.member.2=y"), R"({"ActionNames":["x","y"]})");
  EXPECT_EQ(tree("A.entry.1.Name=n&A.entry.1.Value.DataType=String&A.entry.1.Value.StringValue=v"),
            R"({"A":[{"Name":"n","Value":{"DataType":"String","StringValue":"v"}}]})");
  EXPECT_EQ(tree("E.member.1.V.member.1=a&E.member.1.V.member.2=b&E.member.2.V.member.1=c"),
            R"({"E":[{"V":["a","b"]},{"V":["c"]}]})");
}

TEST(ParseForm, ReadsListsWhateverTheOrderButNotWithGaps) {
  EXPECT_EQ(tree("A.member.2=b&A.member.1=a"), R"({"A":["a","b"]})");
  EXPECT_EQ(tree("A.member.3=b&A.member.1=a"), "malformed");
  EXPECT_EQ(tree("A.member.0=a"), "malformed");
  EXPECT_EQ(tree("A.member.10001=a"), "malformed");
  EXPECT_EQ(tree("A.member.x=a"), "malformed");
}

TEST(ParseForm, DecodesPercentAndPlus) {
  EXPECT_EQ(tree("a=1+2%2B3%C3%A4&b=&c"), "{\"a\":\"1 2+3\xc3\xa4\",\"b\":\"\",\"c\":\"\"}");
  EXPECT_EQ(tree("a=%2"), "malformed");
  EXPECT_EQ(tree("a=%zz"), "malformed");
  EXPECT_EQ(tree("a=%c3%28"), "malformed");
  EXPECT_EQ(tree("a=%ed%a0%80"), "malformed");
  EXPECT_EQ(percent_decoded("a+b%20", Plus::literal), "a+b ");
}

TEST(ParseForm, RefusesNamesThatContradictEachOther) {
  EXPECT_EQ(tree("A=1&A.B=2"), "malformed");
  EXPECT_EQ(tree("A=1&A=2"), "malformed");
  EXPECT_EQ(tree("A.member.1=1&A.B=2"), "malformed");
  EXPECT_EQ(tree("=1"), "malformed");
}

TEST(ParseRequest, TakesTheServiceFromTheSignaturesScope) {
  const auto parsed = parse_request(post("Action=ListUsers&Version=2010-05-08&MaxItems=10"));
  EXPECT_FALSE(parsed.malformed);
  EXPECT_EQ(parsed.call.protocol, Protocol::query);
  EXPECT_EQ(parsed.call.service, "iam");
  EXPECT_EQ(parsed.call.operation, "ListUsers");
  EXPECT_EQ(parsed.call.region, Region("us-east-1"));
  EXPECT_EQ(parsed.call.integer("MaxItems"), 10);
  EXPECT_FALSE(parsed.call.changing());
}

TEST(ParseRequest, TellsAnUnsignedCallByItsVersionOrTarget) {
  auto request = post("Action=AssumeRoleWithWebIdentity&Version=2011-06-15");
  request.headers.remove("authorization");
  EXPECT_EQ(parse_request(request).call.service, "sts");
  request.headers.add("X-Amz-Target", "AWSOrganizationsV20161128.ListRoots");
  request.body = "{}";
  const auto parsed = parse_request(request);
  EXPECT_EQ(parsed.call.service, "organizations");
  EXPECT_EQ(parsed.call.operation, "ListRoots");
  EXPECT_EQ(parsed.call.protocol, Protocol::json);
}

TEST(ParseRequest, MarksABodyThatIsNoObjectAsMalformed) {
  for (const std::string_view body : {"[]", "{", "\"x\"", "{} {}"}) {
    auto request = post(body, "secretsmanager");
    request.headers.add("X-Amz-Target", "secretsmanager.ListSecrets");
    const auto parsed = parse_request(request);
    EXPECT_TRUE(parsed.malformed) << body;
    EXPECT_EQ(parsed.call.operation, "ListSecrets");
    EXPECT_TRUE(parsed.call.input.empty());
  }
  EXPECT_TRUE(parse_request(post("Action=X&a=%")).malformed);
}

TEST(ParseRequest, ReadsTheMailServicesPaths) {
  auto request = post(R"({"FromEmailAddress":"a@example.com"})", "ses");
  request.url.path = "/v2/email/outbound-emails";
  EXPECT_EQ(parse_request(request).call.operation, "SendEmail");
  EXPECT_EQ(parse_request(request).call.protocol, Protocol::rest_json);
  EXPECT_TRUE(parse_request(request).call.changing());
  request.method = "DELETE";
  request.url.path = "/v2/email/identities/a%2Bb%40example.com";
  request.body = "";
  const auto parsed = parse_request(request);
  EXPECT_EQ(parsed.call.operation, "DeleteEmailIdentity");
  EXPECT_EQ(parsed.call.text("EmailIdentity"), "a+b@example.com");
  request.url.path = "/v2/email/unheard-of";
  EXPECT_EQ(parse_request(request).call.operation, "");
  request.method = "GET";
  request.url.path = "/v2/email/identities";
  request.url.query = "PageSize=5&NextToken=x%3D";
  EXPECT_EQ(parse_request(request).call.integer("PageSize"), 5);
  EXPECT_EQ(parse_request(request).call.text("NextToken"), "x=");
}

TEST(Call, ReadsNumbersAndBooleansInBothProtocols) {
  Call call;
  call.input = boost::json::parse(R"({"a":7,"b":"007","c":"+3","d":"1.0","e":1.5,"f":" 1","t":true,"u":"FALSE","v":"x",
                                      "w":2.0})")
                   .get_object();
  EXPECT_EQ(call.integer("a"), 7);
  EXPECT_EQ(call.integer("b"), 7);
  EXPECT_EQ(call.integer("c"), 3);
  EXPECT_EQ(call.integer("w"), 2);
  for (const std::string_view member : {"d", "e", "f", "t", "nothing"}) EXPECT_EQ(call.integer(member), std::nullopt);
  EXPECT_EQ(call.boolean("t"), true);
  EXPECT_EQ(call.boolean("u"), false);
  EXPECT_EQ(call.boolean("v"), std::nullopt);
  EXPECT_EQ(call.text("a"), std::nullopt);
}

TEST(Call, ReadsTagsAndTextsInOrder) {
  const auto parsed = parse_request(
      post("Action=TagUser&Tags.member.1.Key=z&Tags.member.1.Value=1&Tags.member.2.Key=a&TagKeys.member.1=q"));
  const std::vector<std::pair<std::string, std::string>> tags{{"z", "1"}, {"a", ""}};
  EXPECT_EQ(parsed.call.tags(), tags);
  EXPECT_EQ(parsed.call.texts("TagKeys"), std::vector<std::string>{"q"});
  EXPECT_EQ(parsed.call.list("Action"), nullptr);
  EXPECT_TRUE(parsed.call.changing());
}

ParsedRequest to_s3(std::string_view method, std::string_view path, std::string_view query = "") {
  auto request = post("bytes", "s3");
  request.method = method;
  request.url.path = path;
  request.url.query = query;
  return parse_request(request);
}

TEST(ParseRequest, S3IsToldByMethodAndPath) {
  EXPECT_EQ(to_s3("GET", "/").call.operation, "ListBuckets");
  EXPECT_EQ(to_s3("PUT", "/b").call.operation, "CreateBucket");
  EXPECT_EQ(to_s3("GET", "/b/", "list-type=2&prefix=a%2F").call.operation, "ListObjectsV2");
  EXPECT_EQ(to_s3("GET", "/b", "location").call.operation, "GetBucketLocation");
  EXPECT_EQ(to_s3("GET", "/b").call.operation, "") << "version 1 of the list";
  EXPECT_EQ(to_s3("GET", "/b/k", "acl").call.operation, "");
  const auto put = to_s3("PUT", "/b/a%20b//c+d").call;
  EXPECT_EQ(put.operation, "PutObject");
  EXPECT_EQ(put.protocol, Protocol::rest_xml);
  EXPECT_EQ(put.text_or_empty("Bucket"), "b");
  EXPECT_EQ(put.text_or_empty("Key"), "a b//c+d");
  EXPECT_EQ(put.text_or_empty("Body"), "bytes");
  EXPECT_TRUE(to_s3("GET", "/b/%zz").malformed);
}

TEST(ParseRequest, AccountManagementHasPathsOfItsOwn) {
  auto request = post(R"({"AlternateContactType": "SECURITY"})", "account");
  request.url.path = "/getAlternateContact";
  const auto parsed = parse_request(request);
  EXPECT_EQ(parsed.call.service, "account");
  EXPECT_EQ(parsed.call.operation, "GetAlternateContact");
  EXPECT_EQ(parsed.call.protocol, Protocol::rest_json);
  EXPECT_EQ(parsed.call.text_or_empty("AlternateContactType"), "SECURITY");
}

}  // namespace
}  // namespace rekeyer::sandbox
