#include "rotation/secret_value.hpp"

#include "aws/http/json_writer.hpp"

namespace rekeyer::rotation {

WipedString secret_value(const aws::IssuedKey& key, const UserName& user) {
  aws::JsonWriter json;
  json.begin_object()
      .member("AccessKeyId", key.id().str())
      .member("SecretAccessKey", key.credentials->secret.reveal())
      .member("UserName", user.str())
      .member("Status", "Active")
      .member("CreateDate", iso8601(key.created))
      .end();
  return json.finish();
}

}  // namespace rekeyer::rotation
