// Signature Version 4 of one request of each protocol, with a session token as every member account's calls have one.
#include <benchmark/benchmark.h>

#include <string>

#include "aws/sign/sigv4.hpp"
#include "base/random.hpp"

namespace rekeyer::bench {
namespace {

aws::Credentials session() {
  Random random(1);
  aws::Credentials credentials;
  credentials.id = AccessKeyId("ASIAEXAMPLE000000001");
  credentials.secret = Secret(random.hex(40));
  credentials.session_token = Secret(random.hex(800));
  return credentials;
}

aws::HttpRequest request(std::string_view host, std::string_view content_type, std::string_view body) {
  aws::HttpRequest request;
  request.method = "POST";
  request.url.scheme = "https";
  request.url.host = host;
  request.headers.add("Content-Type", content_type);
  request.headers.add("User-Agent", "rekeyer/0.1.0");
  request.body = body;
  return request;
}

void sign(benchmark::State& state, aws::HttpRequest unsigned_request, std::string_view service) {
  const auto credentials = session();
  aws::SigningScope scope;
  scope.region = "us-east-1";
  scope.service = service;
  scope.time = std::chrono::sys_days{std::chrono::year{2026} / 3 / 1};
  for (auto _ : state) {
    auto signed_request = unsigned_request;
    aws::sign(signed_request, credentials, scope);
    benchmark::DoNotOptimize(signed_request);
  }
}

void sign_query(benchmark::State& state) {
  sign(state,
       request("iam.amazonaws.com", "application/x-www-form-urlencoded; charset=utf-8",
               "Action=ListAccessKeys&Version=2010-05-08&UserName=ci-payments&MaxItems=1000"),
       "iam");
}
BENCHMARK(sign_query)->Name("Sign/query");

void sign_json(benchmark::State& state) {
  auto unsigned_request =
      request("secretsmanager.us-east-1.amazonaws.com", "application/x-amz-json-1.1",
              R"({"SecretId":"Account_593223755841_User_ci-payments_AccessKey","RecoveryWindowInDays":30})");
  unsigned_request.headers.add("X-Amz-Target", "secretsmanager.DeleteSecret");
  sign(state, std::move(unsigned_request), "secretsmanager");
}
BENCHMARK(sign_json)->Name("Sign/json");

}  // namespace
}  // namespace rekeyer::bench
