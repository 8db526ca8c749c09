// IAM's changing half.
#include "aws/services/exchange.hpp"
#include "aws/services/iam.hpp"
#include "aws/services/iam_values.hpp"

namespace rekeyer::aws {
namespace {

QueryBody about_user(std::string_view operation, const UserName& user) {
  QueryBody body = query_body(services::iam, operation);
  body.add("UserName", user.str());
  return body;
}

Call iam_command(std::string operation, QueryBody body, SignBefore sign_before) {
  return query_call(services::iam, std::move(operation), std::move(body), Idempotent::yes, sign_before);
}

/// For what shall not be: that it is not is a success.
ResultTask<> gone_is_fine(Caller& caller, Principal principal, Call call) {
  const auto done = co_await query_command(caller, std::move(principal), std::move(call));
  if (!done && done.error().kind == ErrorKind::not_found) co_return Result<>{};
  co_return done;
}

}  // namespace

ResultTask<IssuedKey> IamClient::create_access_key(UserName user, SignBefore sign_before) {
  Call call =
      query_call(services::iam, "CreateAccessKey", about_user("CreateAccessKey", user), Idempotent::no, sign_before);
  auto read = [user](const XmlNode& result) { return read_issued_key(result, user); };
  return query_exchange<IssuedKey>(caller_, principal_, std::move(call), std::move(read));
}

ResultTask<> IamClient::deactivate_access_key(UserName user, AccessKeyId key, SignBefore sign_before) {
  QueryBody body = about_user("UpdateAccessKey", user);
  body.add("AccessKeyId", key.str());
  body.add("Status", "Inactive");
  return query_command(caller_, principal_, iam_command("UpdateAccessKey", std::move(body), sign_before));
}

ResultTask<> IamClient::delete_access_key(UserName user, AccessKeyId key, SignBefore sign_before) {
  QueryBody body = about_user("DeleteAccessKey", user);
  body.add("AccessKeyId", key.str());
  return gone_is_fine(caller_, principal_, iam_command("DeleteAccessKey", std::move(body), sign_before));
}

ResultTask<> IamClient::put_user_policy(UserName user, std::string policy_name, std::string document,
                                        SignBefore sign_before) {
  QueryBody body = about_user("PutUserPolicy", user);
  body.add("PolicyName", policy_name);
  body.add("PolicyDocument", document);
  return query_command(caller_, principal_, iam_command("PutUserPolicy", std::move(body), sign_before));
}

}  // namespace rekeyer::aws
