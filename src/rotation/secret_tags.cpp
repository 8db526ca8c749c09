#include "rotation/secret_tags.hpp"

#include <fmt/format.h>

#include "policy/intent.hpp"
#include "rotation/lock_mark.hpp"
#include "rotation/secrets_of_account.hpp"

namespace rekeyer::rotation {
namespace {

aws::Tags with_id(aws::Tags tags, const UserId& user) {
  if (!user.empty()) tags.emplace(std::string(id_tag), user.str());
  return tags;
}

}  // namespace

std::size_t tags_at_most(aws::Tags tags, const StoreSettings& store) {
  for (const auto tag :
       {policy::custody_tag, policy::intent_tag, policy::issued_nothing_tag, policy::notice_tag, id_tag, proof_tag}) {
    tags.emplace(std::string(tag), std::string());
  }
  return with_store_tags(std::move(tags), store).size();
}

bool has_room_for_mark(const aws::Tags& tags, const StoreSettings& store) {
  return tags.contains(std::string(lock_tag)) || tags_at_most(tags, store) < most_tags;
}

aws::CreateSecret empty_secret(const SecretName& name, const policy::Subject& user, const StoreSettings& store,
                               aws::Tags tags) {
  aws::CreateSecret request;
  request.name = name;
  request.description = fmt::format("rekeyer's record of the access keys of IAM user {} in account {}; no value yet",
                                    user.user, user.account);
  request.kms_key_id = store.kms_key_id;
  request.tags = with_id(with_store_tags(std::move(tags), store), user.id);
  return request;
}

aws::Tags with_store_tags(aws::Tags tags, const StoreSettings& store) {
  tags.insert(store.tags.begin(), store.tags.end());
  return tags;
}

aws::Tags secret_tags(const UserState& state, const StoreSettings& store, aws::Tags tags) {
  return with_id(with_store_tags(std::move(tags), store), state.subject.id);
}

}  // namespace rekeyer::rotation
