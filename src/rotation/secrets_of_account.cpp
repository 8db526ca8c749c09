#include "rotation/secrets_of_account.hpp"

#include <algorithm>
#include <array>
#include <tuple>

#include "base/text.hpp"
#include "policy/custody.hpp"
#include "policy/intent.hpp"
#include "policy/notice.hpp"
#include "policy/tag_parts.hpp"
#include "rotation/naming.hpp"

namespace rekeyer::rotation {
namespace {

bool made_before(const aws::SecretDescription& a, const aws::SecretDescription& b) {
  return std::tuple(!a.created, a.created, a.name) < std::tuple(!b.created, b.created, b.name);
}

}  // namespace

bool carries_our_tags(const aws::Tags& tags) {
  return std::ranges::any_of(std::array{policy::custody_tag, policy::intent_tag, policy::notice_tag, id_tag},
                             [&](auto tag) { return tags.contains(std::string(tag)); });
}

UserId id_on(const aws::SecretDescription& secret) {
  const auto* tag = policy::value_of(secret.tags, id_tag);
  return tag == nullptr ? UserId() : UserId(*tag);
}

SecretsOfAccount::SecretsOfAccount(const std::string& name_template, AccountId account,
                                   std::vector<aws::SecretDescription> listed, const Proofs* signed_proofs)
    : name_template_(name_template), account_(std::move(account)), signed_proofs_(signed_proofs) {
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

std::size_t SecretsOfAccount::with_id(const UserId& id) const {
  const auto [first, last] = by_id_.equal_range(id);
  if (id.empty() || first == last) return secrets_.size();
  if (std::next(first) == last) return first->second;
  const UnsignedProofs unsigned_proofs;
  const Proofs& proofs = signed_proofs_ != nullptr ? *signed_proofs_ : unsigned_proofs;
  const auto proved =
      std::find_if(first, last, [&](const auto& one) { return proofs.holds(secrets_[one.second].secret, id); });
  return proved != last ? proved->second : first->second;
}

std::size_t SecretsOfAccount::with_name(const UserName& user) const {
  const auto [first, last] = unmarked_.equal_range(lower_case(user.str()));
  const auto exact = std::find_if(first, last, [&](const auto& one) { return secrets_[one.second].user == user; });
  if (exact != last) return exact->second;
  return first != last ? first->second : secrets_.size();
}

const NamedSecret* SecretsOfAccount::claim(const UserName& user, const UserId& id) {
  auto found = with_id(id);
  if (found == secrets_.size()) found = with_name(user);
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
