// Systems Manager over AWS JSON 1.1.
#include "aws/services/ssm.hpp"

#include "aws/services/exchange.hpp"
#include "base/try.hpp"

namespace rekeyer::aws {

ResultTask<Secret> SsmClient::parameter(std::string name) {
  JsonWriter body;
  body.begin_object().member("Name", name).member("WithDecryption", true).end();
  // The value goes from the reply's wiped document straight into Secret.
  auto read = [](const JsonValue& json) -> Result<Secret> {
    TRY(const auto parameter, json.object("Parameter"));
    TRY(const auto value, parameter.string("Value"));
    return Secret(value);
  };
  return json_exchange<Secret>(caller_, principal_, json_call(services::ssm, "GetParameter", std::move(body)),
                               std::move(read));
}

}  // namespace rekeyer::aws
