#include "aws/sign/sigv4.hpp"

#include <gtest/gtest.h>

namespace rekeyer::aws {
namespace {

const std::string example_secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

Credentials example_credentials(std::string_view token = {}) {
  return {AccessKeyId{"AKIDEXAMPLE"}, Secret{example_secret}, Secret{token}, {}};
}

SigningScope scope_of(std::string service, std::string region = "us-east-1") {
  SigningScope scope;
  scope.region = std::move(region);
  scope.service = std::move(service);
  scope.time = parse_iso8601("2026-01-02T03:04:05Z").value();
  return scope;
}

HttpRequest request_to(std::string method, std::string host, std::string path, std::string query = {}) {
  HttpRequest request;
  request.method = std::move(method);
  request.url = {"https", std::move(host), 443, std::move(path), std::move(query)};
  return request;
}

std::string authorization(const HttpRequest& request) {
  return std::string(request.headers.find("Authorization").value_or("none"));
}

TEST(SigV4, FormWithSessionToken) {
  auto request = request_to("POST", "sts.us-east-1.amazonaws.com", "/");
  request.headers.add("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
  request.body = "Action=GetCallerIdentity&Version=2011-06-15";
  sign(request, example_credentials("TOKEN/+=example"), scope_of("sts"));
  EXPECT_EQ(authorization(request),
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260102/us-east-1/sts/aws4_request, "
            "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, "
            "Signature=4ac31a3bcfe9cfdb3074f34f35bb9002c1f6927253e9430eace9916b12f37999");
  EXPECT_EQ(request.headers.find("X-Amz-Security-Token"), "TOKEN/+=example");
  EXPECT_EQ(request.headers.find("Host"), "sts.us-east-1.amazonaws.com");
}

TEST(SigV4, EncodedPathIsEncodedAgain) {
  auto request = request_to("POST", "lambda.eu-west-1.amazonaws.com",
                            "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aeu-west-1%3A123456789012%3Afunction%3Af/"
                            "invocations",
                            "Qualifier=live");
  request.headers.add("x-amz-invocation-type", "Event");
  request.body = "{}";
  sign(request, example_credentials(), scope_of("lambda", "eu-west-1"));
  EXPECT_TRUE(
      authorization(request).ends_with("SignedHeaders=host;x-amz-date;x-amz-invocation-type, "
                                       "Signature=9ca74f89257d5505cc3500bd0e0c1ff27038127bfbbaf4a615fc95fb23bd6085"))
      << authorization(request);
}

TEST(SigV4, S3PathStaysAsItIs) {
  auto request = request_to("GET", "bkt.s3.eu-west-1.amazonaws.com", "/a%20b/c%2Bd//e.json");
  auto scope = scope_of("s3", "eu-west-1");
  scope.normalize_path = false;
  scope.double_encode_path = false;
  scope.sign_body_header = true;
  sign(request, example_credentials(), scope);
  EXPECT_TRUE(
      authorization(request).ends_with("SignedHeaders=host;x-amz-content-sha256;x-amz-date, "
                                       "Signature=0666704604e1e616dd09afa4140622fa8a63fabc6f4ca704a09658766509f874"))
      << authorization(request);
}

TEST(SigV4, SigningAgainReplacesWhatTheFirstTimeAdded) {
  auto once = request_to("POST", "iam.amazonaws.com", "/");
  auto twice = request_to("POST", "iam.amazonaws.com", "/");
  sign(twice, example_credentials("old-token"), scope_of("sts", "eu-west-1"));
  sign(once, example_credentials(), scope_of("iam"));
  sign(twice, example_credentials(), scope_of("iam"));
  EXPECT_EQ(authorization(twice), authorization(once));
  EXPECT_EQ(twice.headers.fields().size(), once.headers.fields().size());
  EXPECT_FALSE(twice.headers.find("X-Amz-Security-Token"));
}

TEST(SigV4, HostIsTheUrlsEvenWhereAnotherWasSet) {
  auto request = request_to("POST", "localhost", "/");
  request.url.scheme = "http";
  request.url.port = 5000;
  request.headers.add("host", "elsewhere.example");
  sign(request, example_credentials(), scope_of("iam"));
  EXPECT_EQ(request.headers.find("Host"), "localhost:5000");
}

TEST(SigV4, SignatureNeverShowsTheSecret) {
  auto request = request_to("POST", "iam.amazonaws.com", "/");
  sign(request, example_credentials(), scope_of("iam"));
  ASSERT_NE(request.headers.find("Authorization"), std::nullopt) << "nothing was signed";
  for (const auto& field : request.headers.fields()) {
    EXPECT_EQ(field.value.find(example_secret), std::string::npos) << field.name;
  }
}

TEST(SigV4, MalformedPercentSignsAreTakenLiterally) {
  const auto request = request_to("GET", "service.example", "/", "a=%&b=%4&c=%zz");
  const auto canonical = canonical_request(request, scope_of("service"));
  EXPECT_NE(canonical.find("\na=%25&b=%254&c=%25zz\n"), std::string::npos) << canonical;
}

TEST(SigV4, DateOfTheScopeIsTheDateOfTheRequest) {
  auto scope = scope_of("iam");
  scope.time = parse_iso8601("2027-12-31T23:59:59.999Z").value();
  auto request = request_to("POST", "iam.amazonaws.com", "/");
  sign(request, example_credentials(), scope);
  EXPECT_EQ(request.headers.find("X-Amz-Date"), "20271231T235959Z");
  EXPECT_NE(authorization(request).find("/20271231/us-east-1/"), std::string::npos);
}

}  // namespace
}  // namespace rekeyer::aws
