#include "rotation/secret_tags.hpp"

#include <fmt/format.h>

namespace rekeyer::rotation {

aws::CreateSecret empty_secret(const SecretName& name, const AccountId& account, const UserName& user,
                               const StoreSettings& store, aws::Tags tags) {
  aws::CreateSecret request;
  request.name = name;
  request.description =
      fmt::format("rekeyer's record of the access keys of IAM user {} in account {}; no value yet", user, account);
  request.kms_key_id = store.kms_key_id;
  request.tags = with_store_tags(std::move(tags), store);
  return request;
}

aws::Tags with_store_tags(aws::Tags tags, const StoreSettings& store) {
  tags.insert(store.tags.begin(), store.tags.end());
  return tags;
}

}  // namespace rekeyer::rotation
