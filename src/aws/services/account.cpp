// Account Management over rest-json.
#include "aws/services/account.hpp"

#include "aws/services/exchange.hpp"
#include "base/text.hpp"
#include "base/try.hpp"

namespace rekeyer::aws {
namespace {

Result<std::string> read_address(const JsonValue& json) {
  TRY(const auto contact, json.object("AlternateContact"));
  return required_text(contact, "EmailAddress");
}

}  // namespace

ResultTask<std::optional<std::string>> AccountClient::alternate_contact(AccountId account, std::string kind) {
  JsonWriter body;
  body.begin_object();
  if (!account.empty()) body.member("AccountId", account.str());
  body.member("AlternateContactType", upper_case(kind)).end();
  Call call =
      rest_json_call(services::account, "GetAlternateContact", {"POST", "/getAlternateContact"}, std::move(body));
  auto address = co_await json_exchange<std::string>(caller_, principal_, std::move(call), read_address);
  if (!address && address.error().code == "ResourceNotFoundException") co_return std::nullopt;
  if (!address) co_return fail(std::move(address).error());
  co_return *std::move(address);
}

}  // namespace rekeyer::aws
