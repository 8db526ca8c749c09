// One signing case as JSON: what the committed vectors hold and what the live comparison sends line by line.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>

#include "aws/sign/sigv4.hpp"
#include "base/time.hpp"

namespace rekeyer::aws {

struct SigningCase {
  std::string name;
  HttpRequest request;
  Credentials credentials;
  SigningScope scope;
};

inline std::string text_member(const boost::json::object& object, std::string_view name) {
  return boost::json::value_to<std::string>(object.at(name));
}

/// Reads the members that scripts/make_sigv4_vectors.py writes; throws where one is missing (a broken test file).
inline SigningCase read_signing_case(const boost::json::object& object) {
  SigningCase result;
  result.name = text_member(object, "name");
  auto& request = result.request;
  request.method = text_member(object, "method");
  request.url = parse_url(text_member(object, "url")).value();
  for (const auto& field : object.at("headers").as_array()) {
    request.headers.add(boost::json::value_to<std::string>(field.at(0)),
                        boost::json::value_to<std::string>(field.at(1)));
  }
  request.body.assign(text_member(object, "body"));
  result.credentials = {AccessKeyId{text_member(object, "key_id")},
                        Secret{text_member(object, "secret")},
                        Secret{text_member(object, "token")},
                        {}};
  auto& scope = result.scope;
  scope.region = text_member(object, "region");
  scope.service = text_member(object, "service");
  scope.time = parse_iso8601(text_member(object, "time")).value();
  // S3 is the one service that wants its path as it stands and the body's hash in a header.
  const bool s3 = scope.service == "s3";
  scope.normalize_path = !s3;
  scope.double_encode_path = !s3;
  scope.sign_body_header = s3;
  return result;
}

}  // namespace rekeyer::aws
