// KMS over AWS JSON 1.1.
#include "aws/services/kms.hpp"

#include "aws/services/exchange.hpp"
#include "base/base64.hpp"
#include "base/try.hpp"

namespace rekeyer::aws {
namespace {

Result<KmsKey> read_key(const JsonValue& json) {
  TRY(const auto metadata, json.object("KeyMetadata"));
  KmsKey key;
  TRY(auto arn, required_text(metadata, "Arn"));
  key.arn = Arn(std::move(arn));
  TRY(auto account, text_or_empty(metadata, "AWSAccountId"));
  key.account = AccountId(std::move(account));
  TRY(key.enabled, metadata.boolean("Enabled"));
  TRY(key.state, text_or_empty(metadata, "KeyState"));
  TRY(key.usage, text_or_empty(metadata, "KeyUsage"));
  TRY(key.spec, text_or_empty(metadata, "KeySpec"));
  TRY(key.manager, text_or_empty(metadata, "KeyManager"));
  return key;
}

Result<std::string> read_blob(const JsonValue& json, std::string_view name) {
  TRY(const auto text, required_text(json, name));
  return base64_decode(text);
}

}  // namespace

ResultTask<KmsKey> KmsClient::key(std::string id) {
  JsonWriter body;
  body.begin_object().member("KeyId", id).end();
  return json_exchange<KmsKey>(caller_, principal_, json_call(services::kms, "DescribeKey", std::move(body)), read_key);
}

ResultTask<std::string> KmsClient::sign(std::string key, std::string message) {
  JsonWriter body;
  body.begin_object()
      .member("KeyId", key)
      .member("Message", base64_encode(message))
      .member("MessageType", "RAW")
      .member("SigningAlgorithm", "ECDSA_SHA_256")
      .end();
  return json_exchange<std::string>(caller_, principal_, json_call(services::kms, "Sign", std::move(body)),
                                    [](const JsonValue& json) { return read_blob(json, "Signature"); });
}

ResultTask<std::string> KmsClient::public_key(std::string key) {
  JsonWriter body;
  body.begin_object().member("KeyId", key).end();
  return json_exchange<std::string>(caller_, principal_, json_call(services::kms, "GetPublicKey", std::move(body)),
                                    [](const JsonValue& json) { return read_blob(json, "PublicKey"); });
}

ResultTask<std::string> KmsClient::key_policy(std::string id) {
  JsonWriter body;
  body.begin_object().member("KeyId", id).member("PolicyName", "default").end();
  auto read = [](const JsonValue& json) { return required_text(json, "Policy"); };
  return json_exchange<std::string>(caller_, principal_, json_call(services::kms, "GetKeyPolicy", std::move(body)),
                                    std::move(read));
}

}  // namespace rekeyer::aws
