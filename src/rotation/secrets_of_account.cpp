#include "rotation/secrets_of_account.hpp"

#include <algorithm>
#include <tuple>

#include "base/text.hpp"
#include "policy/tag_parts.hpp"
#include "rotation/naming.hpp"

namespace rekeyer::rotation {
namespace {

bool made_before(const aws::SecretDescription& a, const aws::SecretDescription& b) {
  return std::tuple(!a.created, a.created, a.name) < std::tuple(!b.created, b.created, b.name);
}

}  // namespace

UserId id_on(const aws::SecretDescription& secret) {
  const auto* tag = policy::value_of(secret.tags, id_tag);
  return tag == nullptr ? UserId() : UserId(*tag);
}

SecretsOfAccount::SecretsOfAccount(const std::string& name_template, AccountId account,
                                   std::vector<aws::SecretDescription> listed)
    : name_template_(name_template), account_(std::move(account)) {
  for (auto& secret : listed) {
    auto user = user_of_secret(name_template_, account_, secret.name.str());
    if (user) secrets_.push_back({*std::move(user), std::move(secret)});
  }
  std::ranges::sort(secrets_, made_before, &NamedSecret::secret);
  claimed_.resize(secrets_.size());
  for (std::size_t i = 0; i < secrets_.size(); ++i) {
    const auto& user = secrets_[i].user;
    const auto id = id_on(secrets_[i].secret);
    by_name_.emplace(user, i);
    if (id.empty()) {
      unmarked_.emplace(lower_case(user.str()), i);
    } else {
      by_id_.emplace(id, i);
    }
  }
}

const NamedSecret* SecretsOfAccount::claim(const UserName& user, const UserId& id) {
  auto found = secrets_.size();
  if (const auto marked = by_id_.find(id); !id.empty() && marked != by_id_.end()) {
    found = marked->second;
  } else {
    const auto [first, last] = unmarked_.equal_range(lower_case(user.str()));
    for (auto candidate = first; candidate != last; ++candidate) {
      const bool exact = secrets_[candidate->second].user == user;
      if (found == secrets_.size() || exact) found = candidate->second;
    }
  }
  if (found == secrets_.size()) return nullptr;
  claimed_[found] = true;
  return &secrets_[found];
}

SecretPlace SecretsOfAccount::free_place(const UserName& user, const UserId& id) const {
  const auto carries = by_name_.contains(user) ? UserName(user.str() + "=id=" + id.str()) : user;
  return {secret_name(name_template_, account_, carries), carries};
}

std::vector<NamedSecret> SecretsOfAccount::take_unclaimed() {
  std::vector<NamedSecret> unclaimed;
  for (std::size_t i = 0; i < secrets_.size(); ++i) {
    if (!claimed_[i]) unclaimed.push_back(std::move(secrets_[i]));
  }
  return unclaimed;
}

}  // namespace rekeyer::rotation
