// STS over the query protocol.
#include "aws/services/sts.hpp"

#include <fmt/format.h>

#include "aws/services/exchange.hpp"
#include "base/try.hpp"

namespace rekeyer::aws {
namespace {

Result<CallerIdentity> read_identity(const XmlNode& result) {
  TRY(auto account, required_text(result, "Account"));
  TRY(auto arn, required_text(result, "Arn"));
  TRY(auto user_id, required_text(result, "UserId"));
  if (!valid_account_id(account)) {
    return fail(ErrorKind::bad_reply, "Account is not an account id of twelve digits in the reply");
  }
  return CallerIdentity{AccountId(std::move(account)), Arn(std::move(arn)), std::move(user_id)};
}

/// The secret goes from the reply's wiped document straight into Secret.
Result<SharedCredentials> read_credentials(const XmlNode& result) {
  TRY(const auto node, result.required("Credentials"));
  TRY(auto id, required_text(node, "AccessKeyId"));
  TRY(const auto secret, node.text("SecretAccessKey"));
  TRY(const auto token, node.text("SessionToken"));
  TRY(const auto expiration, node.time("Expiration"));
  if (secret.empty() || token.empty()) {
    return fail(ErrorKind::bad_reply, "the reply holds credentials without a secret or a session token");
  }
  auto credentials = std::make_shared<Credentials>();
  credentials->id = AccessKeyId(std::move(id));
  credentials->secret = Secret(secret);
  credentials->session_token = Secret(token);
  credentials->expiration = expiration;
  return SharedCredentials(std::move(credentials));
}

Call identity_call() {
  return query_call(services::sts, "GetCallerIdentity", query_body(services::sts, "GetCallerIdentity"));
}

QueryBody role_body(std::string_view operation, const AssumeRole& request) {
  QueryBody body = query_body(services::sts, operation);
  body.add("RoleArn", request.role.str());
  body.add("RoleSessionName", request.session_name);
  body.add("DurationSeconds", request.duration.count());
  return body;
}

/// Whose region it is does not stand in AWS's words, nor that keys of other partitions are nobody's in it.
template <class T>
ResultTask<T> with_region_hint(ResultTask<T> call, Region region) {
  auto answer = co_await std::move(call);
  if (answer) co_return answer;
  auto& error = answer.error();
  if (error.code == "RegionDisabledException") {
    error.message +=
        fmt::format("; it is about the caller's region ({}): set AWS_REGION to a region in which STS is on", region);
  } else if (error.code == "InvalidClientTokenId") {
    error.message += fmt::format(
        "; {} was asked, and keys of AWS China and of GovCloud are known in regions of their own alone", region);
  }
  co_return answer;
}

}  // namespace

ResultTask<CallerIdentity> StsClient::caller_identity() {
  return with_region_hint(query_exchange<CallerIdentity>(caller_, principal_, identity_call(), read_identity),
                          principal_.region);
}

ResultTask<CallerIdentity> StsClient::identity_of(SharedCredentials credentials) {
  Principal principal = principal_;
  principal.credentials = std::make_shared<StaticProvider>(std::move(credentials));
  return query_exchange<CallerIdentity>(caller_, std::move(principal), identity_call(), read_identity);
}

ResultTask<SharedCredentials> StsClient::assume_role(AssumeRole request) {
  QueryBody body = role_body("AssumeRole", request);
  if (!request.external_id.empty()) body.add("ExternalId", request.external_id);
  return with_region_hint(
      query_exchange<SharedCredentials>(caller_, principal_, query_call(services::sts, "AssumeRole", std::move(body)),
                                        read_credentials),
      principal_.region);
}

ResultTask<SharedCredentials> StsClient::session_token(std::chrono::seconds duration) {
  QueryBody body = query_body(services::sts, "GetSessionToken");
  body.add("DurationSeconds", duration.count());
  return query_exchange<SharedCredentials>(
      caller_, principal_, query_call(services::sts, "GetSessionToken", std::move(body)), read_credentials);
}

ResultTask<SharedCredentials> StsClient::assume_role_with_web_identity(AssumeRole request, Secret web_identity_token) {
  QueryBody body = role_body("AssumeRoleWithWebIdentity", request);
  body.add("WebIdentityToken", web_identity_token.reveal());
  Call call = query_call(services::sts, "AssumeRoleWithWebIdentity", std::move(body));
  call.anonymous = true;
  call.secret_text = WipedString(web_identity_token.reveal());
  return with_region_hint(query_exchange<SharedCredentials>(caller_, principal_, std::move(call), read_credentials),
                          principal_.region);
}

}  // namespace rekeyer::aws
