// SES over rest-json.
#include "aws/services/ses.hpp"

#include "aws/services/display_name.hpp"
#include "aws/services/exchange.hpp"
#include "base/text.hpp"
#include "base/try.hpp"

namespace rekeyer::aws {
namespace {

void write_addresses(JsonWriter& body, std::string_view name, const std::vector<std::string>& addresses) {
  body.begin_array(name);
  for (const auto& address : addresses) body.value(encoded_address(address));
  body.end();
}

void write_text(JsonWriter& body, std::string_view name, const std::string& text) {
  body.begin_object(name).member("Data", text).member("Charset", "UTF-8").end();
}

JsonWriter email_body(const Email& email) {
  JsonWriter body;
  body.begin_object().member("FromEmailAddress", encoded_address(email.from));
  if (!email.identity_arn.empty()) body.member("FromEmailAddressIdentityArn", email.identity_arn);
  body.begin_object("Destination");
  write_addresses(body, "ToAddresses", email.to);
  body.end();
  if (!email.reply_to.empty()) write_addresses(body, "ReplyToAddresses", email.reply_to);
  body.begin_object("Content").begin_object("Simple");
  write_text(body, "Subject", email.subject);
  body.begin_object("Body");
  if (!email.text.empty()) write_text(body, "Text", email.text);
  if (!email.html.empty()) write_text(body, "Html", email.html);
  body.end().end().end();
  if (!email.configuration_set.empty()) body.member("ConfigurationSetName", email.configuration_set);
  body.end();
  return body;
}

Result<SendingAccount> read_sending_account(const JsonValue& json) {
  SendingAccount account;
  TRY(account.production, json.boolean("ProductionAccessEnabled"));
  TRY(account.enabled, json.boolean("SendingEnabled"));
  TRY(const auto quota, json.object("SendQuota"));
  TRY(account.per_second, quota.number("MaxSendRate"));
  TRY(account.per_day, quota.number("Max24HourSend"));
  return account;
}

Result<MailIdentity> read_email_identity(const JsonValue& json) {
  MailIdentity identity;
  TRY(identity.verified, json.boolean("VerifiedForSendingStatus"));
  TRY(identity.verification, text_or_empty(json, "VerificationStatus"));
  return identity;
}

}  // namespace

ResultTask<std::string> SesClient::send_email(Email email) {
  Call call = rest_json_call(services::ses, "SendEmail", {"POST", "/v2/email/outbound-emails"}, email_body(email),
                             Idempotent::no);
  auto read = [](const JsonValue& json) { return required_text(json, "MessageId"); };
  return json_exchange<std::string>(caller_, principal_, std::move(call), std::move(read));
}

ResultTask<SendingAccount> SesClient::sending_account() {
  Call call = rest_json_call(services::ses, "GetAccount", {"GET", "/v2/email/account"}, {});
  return json_exchange<SendingAccount>(caller_, principal_, std::move(call), read_sending_account);
}

ResultTask<MailIdentity> SesClient::identity(std::string name) {
  if (name.empty()) co_return fail(ErrorKind::usage, "a mail identity without a name was asked for");
  Call call =
      rest_json_call(services::ses, "GetEmailIdentity", {"GET", "/v2/email/identities/" + percent_encode(name)}, {});
  auto identity = co_await json_exchange<MailIdentity>(caller_, principal_, std::move(call), read_email_identity);
  co_return identity;
}

}  // namespace rekeyer::aws
