#include "simulation/member_request.hpp"

#include <boost/json/serialize.hpp>
#include <string>

#include "aws/sign/sigv4.hpp"

namespace rekeyer::simulation {

aws::HttpRequest signed_by(const SecretsMember& member, const Region& region, std::string_view operation,
                           const boost::json::object& input, Instant now) {
  aws::HttpRequest request;
  request.method = "POST";
  request.url = {"http", "127.0.0.1", 4566, "/", {}};
  request.headers.set("Host", request.url.host_header());
  request.headers.set("Content-Type", "application/x-amz-json-1.1");
  request.headers.set("X-Amz-Target", "secretsmanager." + std::string(operation));
  request.body.assign(boost::json::serialize(input));
  aws::Credentials credentials;
  credentials.id = member.key;
  credentials.secret = Secret(member.secret);
  credentials.session_token = Secret(member.token);
  aws::SigningScope scope;
  scope.region = region.str();
  scope.service = "secretsmanager";
  scope.time = now;
  aws::sign(request, credentials, scope);
  return request;
}

}  // namespace rekeyer::simulation
