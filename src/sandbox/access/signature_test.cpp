#include "sandbox/access/signature.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace rekeyer::sandbox {
namespace {

constexpr std::string_view example_secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

std::string contents(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string text(const boost::json::object& object, std::string_view name) {
  return boost::json::value_to<std::string>(object.at(name));
}

aws::HttpRequest request_to(std::string_view method, std::string_view url, std::string_view body = {}) {
  aws::HttpRequest request;
  request.method = method;
  request.url = aws::parse_url(url).value();
  request.body.assign(body);
  request.headers.add("X-Amz-Date", "20260102T030405Z");
  return request;
}

std::string authorization(std::string_view scope, std::string_view signed_headers, std::string_view signature) {
  return fmt::format("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260102/{}/aws4_request, SignedHeaders={}, Signature={}",
                     scope, signed_headers, signature);
}

void expect_signature(const aws::HttpRequest& request, const std::string& header, std::string_view secret) {
  const auto parsed = parse_authorization(header);
  ASSERT_TRUE(parsed) << header;
  EXPECT_EQ(expected_signature(request, *parsed, secret), parsed->signature);
}

/// What the signer would add is read back from the canonical request, so that the signer has no part in this test.
void add_signed_fields(aws::HttpRequest& request, const std::string& canonical) {
  for (const std::string_view name : {"x-amz-date", "x-amz-security-token", "x-amz-content-sha256"}) {
    const auto at = canonical.find("\n" + std::string(name) + ":");
    if (at == std::string::npos || request.headers.find(name)) continue;
    const auto begin = at + name.size() + 2;
    request.headers.add(name, canonical.substr(begin, canonical.find('\n', begin) - begin));
  }
}

TEST(SandboxSignature, AgreesWithTheCommittedVectors) {
  int count = 0;
  for (const auto& file : std::filesystem::directory_iterator(REKEYER_VECTORS "/sigv4")) {
    if (file.path().extension() != ".json") continue;
    for (const auto& each : boost::json::parse(contents(file.path())).as_array()) {
      const auto& vector = each.as_object();
      SCOPED_TRACE(text(vector, "name"));
      aws::HttpRequest request;
      request.method = text(vector, "method");
      request.url = aws::parse_url(text(vector, "url")).value();
      for (const auto& field : vector.at("headers").as_array()) {
        request.headers.add(boost::json::value_to<std::string>(field.at(0)),
                            boost::json::value_to<std::string>(field.at(1)));
      }
      request.body.assign(text(vector, "body"));
      add_signed_fields(request, text(vector, "canonical_request"));
      expect_signature(request, text(vector, "authorization"), text(vector, "secret"));
      ++count;
    }
  }
  EXPECT_GE(count, 40);
}

TEST(SandboxSignature, AgreesWithBotocoreOnAQueryCallWithASessionToken) {
  auto request =
      request_to("POST", "https://sts.us-east-1.amazonaws.com/", "Action=GetCallerIdentity&Version=2011-06-15");
  request.headers.add("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
  request.headers.add("X-Amz-Security-Token", "TOKEN/+=example");
  expect_signature(request,
                   authorization("us-east-1/sts", "content-type;host;x-amz-date;x-amz-security-token",
                                 "4ac31a3bcfe9cfdb3074f34f35bb9002c1f6927253e9430eace9916b12f37999"),
                   example_secret);
}

TEST(SandboxSignature, AgreesWithBotocoreOnAnArnInThePath) {
  auto request = request_to("POST",
                            "https://lambda.eu-west-1.amazonaws.com/2015-03-31/functions/"
                            "arn%3Aaws%3Alambda%3Aeu-west-1%3A123456789012%3Afunction%3Af/invocations?Qualifier=live",
                            "{}");
  request.headers.add("X-Amz-Invocation-Type", "Event");
  expect_signature(request,
                   authorization("eu-west-1/lambda", "host;x-amz-date;x-amz-invocation-type",
                                 "9ca74f89257d5505cc3500bd0e0c1ff27038127bfbbaf4a615fc95fb23bd6085"),
                   example_secret);
}

TEST(SandboxSignature, AgreesWithBotocoreOnAnS3PathThatStaysAsItIs) {
  auto request = request_to("GET", "https://bkt.s3.eu-west-1.amazonaws.com/a%20b/c%2Bd//e.json");
  request.headers.add("X-Amz-Content-Sha256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  expect_signature(request,
                   authorization("eu-west-1/s3", "host;x-amz-content-sha256;x-amz-date",
                                 "0666704604e1e616dd09afa4140622fa8a63fabc6f4ca704a09658766509f874"),
                   example_secret);
}

TEST(SandboxSignature, ChangesWithBodySecretAndHeader) {
  const auto request = request_to("POST", "https://iam.amazonaws.com/", "Action=ListUsers");
  const auto header = parse_authorization(authorization("us-east-1/iam", "host;x-amz-date", "00"));
  ASSERT_TRUE(header);
  const auto before = expected_signature(request, *header, example_secret);
  EXPECT_EQ(before.size(), 64U);
  EXPECT_EQ(expected_signature(request, *header, example_secret), before);
  EXPECT_NE(expected_signature(request, *header, "another"), before);
  auto other_body = request;
  other_body.body.assign("Action=ListRoles");
  EXPECT_NE(expected_signature(other_body, *header, example_secret), before);
  auto other_host = request;
  other_host.url.host = "iam.example.com";
  EXPECT_NE(expected_signature(other_host, *header, example_secret), before);
}

TEST(SandboxSignature, IsEmptyWhereASignedHeaderIsMissing) {
  const auto request = request_to("POST", "https://iam.amazonaws.com/");
  const auto header = parse_authorization(authorization("us-east-1/iam", "host;x-amz-date;x-amz-target", "00"));
  ASSERT_TRUE(header);
  EXPECT_EQ(expected_signature(request, *header, example_secret), "");
}

TEST(SandboxSignature, ReadsTheHeaderWithOrWithoutBlanks) {
  const auto header = parse_authorization(
      "AWS4-HMAC-SHA256 "
      "Credential=AKIA1/20260102/eu-west-1/sts/aws4_request,SignedHeaders=host;x-amz-date,Signature=ab");
  ASSERT_TRUE(header);
  EXPECT_EQ(header->key.str(), "AKIA1");
  EXPECT_EQ(header->date, "20260102");
  EXPECT_EQ(header->region, "eu-west-1");
  EXPECT_EQ(header->service, "sts");
  EXPECT_EQ(header->signed_headers, (std::vector<std::string>{"host", "x-amz-date"}));
  EXPECT_EQ(header->signature, "ab");
}

TEST(SandboxSignature, RefusesHeadersThatAreNotWhole) {
  for (const std::string_view header :
       {"", "Basic YTpi", "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256 Credential=A/20260102/eu/sts/aws4_request",
        "AWS4-HMAC-SHA256 Credential=A/20260102/eu/sts, SignedHeaders=host, Signature=ab",
        "AWS4-HMAC-SHA256 Credential=A/20260102/eu//aws4_request, SignedHeaders=host, Signature=ab",
        "AWS4-HMAC-SHA256 SignedHeaders=host, Signature=ab"}) {
    EXPECT_FALSE(parse_authorization(header)) << header;
  }
}

}  // namespace
}  // namespace rekeyer::sandbox
