// AWS's own test suite, where the environment variable REKEYER_SIGV4_SUITE names its folder (it is not part of the
// project).
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>

#include "aws/sign/sigv4.hpp"

namespace rekeyer::aws {
namespace {

std::string suite_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// A line that begins with white space continues the field before it.
void read_headers(std::istream& stream, Headers& headers) {
  std::vector<std::string> fields;
  for (std::string line; std::getline(stream, line) && !line.empty();) {
    if ((line.front() == ' ' || line.front() == '\t') && !fields.empty()) {
      fields.back() += "\n" + line;
    } else {
      fields.push_back(line);
    }
  }
  for (const auto& field : fields) {
    const auto colon = field.find(':');
    headers.add(field.substr(0, colon), field.substr(colon + 1));
  }
}

/// The target is taken as it stands: raw spaces and UTF-8 are among what the suite tries.
HttpRequest read_request(const std::string& text) {
  std::istringstream stream(text);
  std::string line;
  std::getline(stream, line);
  const auto first = line.find(' ');
  const auto last = line.rfind(" HTTP/");
  const auto target = line.substr(first + 1, last - first - 1);
  HttpRequest request;
  request.method = line.substr(0, first);
  const auto mark = target.find('?');
  request.url.scheme = "https";
  request.url.path = target.substr(0, mark);
  if (mark != std::string::npos) request.url.query = target.substr(mark + 1);
  read_headers(stream, request.headers);
  request.url.host = request.headers.find("Host").value_or("");
  request.body.assign(std::istreambuf_iterator<char>(stream), {});
  return request;
}

void check_case(const std::filesystem::path& folder) {
  SCOPED_TRACE(folder.filename());
  const auto context = boost::json::parse(suite_file(folder / "context.json")).as_object();
  const auto text = [](const boost::json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value == nullptr ? std::string{} : boost::json::value_to<std::string>(*value);
  };
  const auto& keys = context.at("credentials").as_object();
  const auto* omit = context.if_contains("omit_session_token");
  const bool token_later = omit != nullptr && omit->as_bool();
  const Credentials credentials{AccessKeyId{text(keys, "access_key_id")},
                                Secret{text(keys, "secret_access_key")},
                                Secret{token_later ? "" : text(keys, "token")},
                                {}};
  SigningScope scope;
  scope.region = text(context, "region");
  scope.service = text(context, "service");
  scope.time = parse_iso8601(text(context, "timestamp")).value();
  scope.normalize_path = context.at("normalize").as_bool();
  scope.sign_body_header = context.at("sign_body").as_bool();

  auto request = read_request(suite_file(folder / "request.txt"));
  sign(request, credentials, scope);
  const auto canonical = canonical_request(request, scope);
  EXPECT_EQ(canonical, suite_file(folder / "header-canonical-request.txt"));
  const auto to_sign = string_to_sign(canonical, scope);
  EXPECT_EQ(to_sign, suite_file(folder / "header-string-to-sign.txt"));
  const auto result = signature(to_sign, credentials.secret, scope);
  EXPECT_EQ(result, suite_file(folder / "header-signature.txt"));
  EXPECT_TRUE(request.headers.find("Authorization").value_or("").ends_with("Signature=" + result));
}

TEST(SigV4Suite, EveryStageIsWhatAwsPublished) {
  const char* suite = std::getenv("REKEYER_SIGV4_SUITE");
  if (suite == nullptr || *suite == '\0') {
    GTEST_SKIP() << "REKEYER_SIGV4_SUITE is not set: AWS's SigV4 suite was not tried (the committed vectors were)";
  }
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(suite)) {
    if (!std::filesystem::exists(entry.path() / "context.json")) continue;
    check_case(entry.path());
    ++count;
  }
  EXPECT_GT(count, 0) << "no vector in " << suite;
  std::cout << count << " vectors of the suite tried\n";
}

}  // namespace
}  // namespace rekeyer::aws
