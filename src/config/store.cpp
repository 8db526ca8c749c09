// [store], [discovery] and [limits].
#include <fmt/format.h>

#include <array>

#include "base/text.hpp"
#include "config/keys.hpp"
#include "config/names.hpp"

namespace rekeyer::config {
namespace {

using rotation::Discovery;
using rotation::Grant;
using rotation::LockMode;
using rotation::StoreLocation;

void read_location(Draft& draft, const Entry& entry) {
  static constexpr std::array<std::pair<std::string_view, StoreLocation>, 2> choices{
      {{"member", StoreLocation::member}, {"central", StoreLocation::central}}};
  if (const auto choice = read_choice<StoreLocation>(draft, entry, choices)) draft.settings.store.location = *choice;
}

void read_region(Draft& draft, const Entry& entry) {
  if (auto text = read_checked(draft, entry, check_region, Empty::refused)) {
    draft.settings.store.region = Region(*std::move(text));
    draft.settings.store.region_chosen = true;
  }
}

// Checked as a whole later: what is right depends on `location` and `region`, which may stand below.
void read_name(Draft& draft, const Entry& entry) {
  if (auto text = read_text(draft, entry)) draft.settings.store.name_template = *std::move(text);
}
void read_kms_key(Draft& draft, const Entry& entry) {
  if (auto text = read_text(draft, entry)) draft.settings.store.kms_key_id = *std::move(text);
}

void read_replica_regions(Draft& draft, const Entry& entry) {
  for (const auto& [text, place] : read_list(draft, entry)) {
    if (const auto complaint = check_region(text)) {
      draft.report(place, fmt::format("`{}`: {}", entry.full_name, *complaint));
    } else {
      draft.set_at.insert_or_assign("store.replica_regions." + text, place);
      draft.settings.store.replica_regions.push_back(Region(text));
    }
  }
}

void read_replica_keys(Draft& draft, const Entry& entry) {
  if (entry.value().kind != Node::Kind::table) {
    draft.report(entry.value().place,
                 fmt::format("`{}` must be a table, not {}; write {{ \"eu-west-1\" = \"key id\" }}", entry.full_name,
                             describe(entry.value().kind)));
    return;
  }
  for (const auto& member : entry.value().members) {
    const Entry key{fmt::format("{}.{}", entry.full_name, member.name), member, {}};
    draft.set_at.insert_or_assign(key.full_name, member.place);
    const auto text = read_text(draft, key);
    if (!text) continue;
    if (const auto complaint = check_kms_key(*text, member.name)) {
      draft.report(member.value.place, fmt::format("`{}`: {}", key.full_name, *complaint));
    } else {
      draft.settings.store.replica_kms_key_ids[Region(member.name)] = *text;
    }
  }
}

/// AWS allows 50 on a secret; the rest is for rekeyer's own, and for whatever else is put there.
constexpr std::size_t most_store_tags = 40;

void read_store_tags(Draft& draft, const Entry& entry) {
  if (entry.value().kind != Node::Kind::table) {
    draft.report(entry.value().place, fmt::format("`{}` must be a table, not {}; write {{ CostCenter = \"42\" }}",
                                                  entry.full_name, describe(entry.value().kind)));
    return;
  }
  if (entry.value().members.size() > most_store_tags) {
    draft.report(entry.value().place, fmt::format("`{}` holds {} tags, and {} are the most", entry.full_name,
                                                  entry.value().members.size(), most_store_tags));
  }
  for (const auto& member : entry.value().members) {
    const Entry tag{fmt::format("{}.{}", entry.full_name, member.name), member, {}};
    const auto text = read_text(draft, tag);
    if (!text) continue;
    if (const auto complaint = check_store_tag(member.name, *text)) {
      draft.report(member.place, fmt::format("`{}`: {}", entry.full_name, *complaint));
    } else {
      draft.settings.store.tags.emplace(member.name, *text);
    }
  }
}

void read_grant(Draft& draft, const Entry& entry) {
  static constexpr std::array<std::pair<std::string_view, Grant>, 4> choices{{{"secret-policy", Grant::secret_policy},
                                                                              {"user-policy", Grant::user_policy},
                                                                              {"both", Grant::both},
                                                                              {"none", Grant::none}}};
  if (const auto choice = read_choice<Grant>(draft, entry, choices)) draft.settings.store.grant = *choice;
}

void read_lock(Draft& draft, const Entry& entry) {
  static constexpr std::array<std::pair<std::string_view, LockMode>, 3> choices{
      {{"write", LockMode::write}, {"all", LockMode::all}, {"none", LockMode::none}}};
  if (const auto choice = read_choice<LockMode>(draft, entry, choices)) {
    draft.settings.store.lock = *choice;
    draft.settings.store.lock_chosen = true;
  }
}

template <std::vector<std::string> rotation::StoreSettings::* list>
void read_principals(Draft& draft, const Entry& entry) {
  for (const auto& [text, place] : read_list(draft, entry)) {
    if (const auto complaint = check_principal(text)) {
      draft.report(place, fmt::format("`{}`: {}", entry.full_name, *complaint));
    } else {
      (draft.settings.store.*list).push_back(text);
    }
  }
}

void read_proof(Draft& draft, const Entry& entry) {
  const auto text = read_text(draft, entry);
  if (!text || *text == "none") return;
  const auto fields = split(*text, ':');
  const bool key_arn = fields.size() == 6 && fields[0] == "arn" && fields[2] == "kms" && !fields[3].empty() &&
                       valid_account_id(fields[4]) && fields[5].starts_with("key/");
  if (key_arn) {
    draft.settings.store.proof = *text;
  } else {
    draft.report(entry.value().place,
                 fmt::format("`{}` must be \"none\" or the ARN of a KMS key, "
                             "\"arn:aws:kms:us-east-1:111111111111:key/…\", of the spec ECC_NIST_P256",
                             entry.full_name));
  }
}

void read_deletion_recovery_days(Draft& draft, const Entry& entry) {
  if (const auto number = read_number(draft, entry)) {
    draft.settings.store.deletion_recovery_days = static_cast<int>(*number);
  }
}

void read_mode(Draft& draft, const Entry& entry) {
  static constexpr std::array<std::pair<std::string_view, Discovery>, 2> choices{
      {{"report", Discovery::report}, {"direct", Discovery::direct}}};
  if (const auto choice = read_choice<Discovery>(draft, entry, choices)) draft.settings.discovery = *choice;
}

template <std::size_t rotation::LimitSettings::* limit>
void read_limit(Draft& draft, const Entry& entry) {
  if (const auto number = read_number(draft, entry)) draft.settings.limits.*limit = *number;
}

void read_iam_rate(Draft& draft, const Entry& entry) {
  constexpr auto accepted = [](double rate) { return rate >= 1 && rate <= 1000; };
  if (const auto rate = read_decimal(draft, entry, "a number from 1 to 1000", accepted)) {
    draft.settings.limits.iam_rate = *rate;
  }
}

void read_iam_share(Draft& draft, const Entry& entry) {
  constexpr auto accepted = [](double share) { return share > 0 && share <= 1; };
  if (const auto share = read_decimal(draft, entry, "a number more than 0 and at most 1", accepted)) {
    draft.settings.limits.iam_share = *share;
  }
}

}  // namespace

std::span<const Key> store_keys() {
  static constexpr std::array<Key, 15> keys{{
      {"location", R"("member")", "member or central",
       "In the account of the user, or all in the caller's account (which needs a KMS key of yours).", read_location},
      {"region", R"("us-east-1")", "a region",
       "Where the secrets are. In GovCloud the default is us-gov-west-1, in China cn-north-1.", read_region},
      {"name", R"("Account_{account}_User_{user}_AccessKey")", "letters, digits and /_+=.@-, with {account} and {user}",
       "What they are called. Decide once: state is found by these names.", read_name},
      {"kms_key_id", R"("")", "a key's id or ARN, or alias/name; empty: AWS's own key",
       "What they are encrypted with. Required with location = \"central\".", read_kms_key},
      {"replica_regions", "[]", "regions", "Copies of every secret in these regions.", read_replica_regions},
      {"replica_kms_key_ids", "{}", "a table from region to key", "What the copies are encrypted with.",
       read_replica_keys},
      {"grant", R"("secret-policy")", "secret-policy, user-policy, both or none",
       "How a user may read the own secret: by the secret's policy, by a policy of the user, by both, or not through "
       "us.",
       read_grant},
      {"lock", R"("write")", "write, all or none",
       "Whom a secret's policy keeps off: everybody but the member role and those named below from changing it; with "
       "all, everybody but its owner and readers from reading it, too.",
       read_lock},
      {"proof", R"("none")", "none, or the ARN of a KMS key that signs (ECC_NIST_P256)",
       "Signs, twice in a secret's life, that rekeyer made it or took it over under its lock. Without one the lock is "
       "the only sign.",
       read_proof},
      {"writers", "[]", "ARNs of roles or users, with * and ? and {account}",
       "Who else may change the secrets: the roles that rekeyer runs as where it is not the member role.",
       read_principals<&rotation::StoreSettings::writers>},
      {"former_writers", "[]", "ARNs of roles or users, with * and ? and {account}",
       "Who was among them once, so that older locks are still taken for ours.",
       read_principals<&rotation::StoreSettings::former_writers>},
      {"break_glass", "[]", "ARNs of roles or users, with * and ? and {account}",
       "Who may change and read them in an emergency.", read_principals<&rotation::StoreSettings::break_glass>},
      {"readers", "[]", "ARNs of roles or users, with * and ? and {account}",
       "Who may be let in by a secret's policy besides its owner, and with lock = \"all\" may still read.",
       read_principals<&rotation::StoreSettings::readers>},
      {"tags", "{}", "a table from key to value, 40 at most; no key begins with aws: or rekeyer:",
       "Tags that every secret gets, from its creation on.", read_store_tags},
      {"deletion_recovery_days",
       "30",
       "",
       "Days for which the secret of a user who is gone can be restored.",
       read_deletion_recovery_days,
       {7, 30}},
  }};
  return keys;
}

std::span<const Key> discovery_keys() {
  static constexpr std::array<Key, 1> keys{{
      {"mode", R"("report")", "report or direct",
       "By the credential report (a handful of calls an account), or user by user where the report is denied.",
       read_mode},
  }};
  return keys;
}

std::span<const Key> limits_keys() {
  static constexpr std::array<Key, 6> keys{{
      {"max_changes",
       "1000",
       "",
       "Users changed in a run.",
       read_limit<&rotation::LimitSettings::max_changes>,
       {1, 1'000'000}},
      {"max_changes_per_account",
       "100",
       "",
       "Users changed in one account in a run.",
       read_limit<&rotation::LimitSettings::max_changes_per_account>,
       {1, 1'000'000}},
      {"concurrency",
       "64",
       "",
       "Accounts worked on at a time.",
       read_limit<&rotation::LimitSettings::concurrency>,
       {1, 1000}},
      {"users_per_account",
       "4",
       "",
       "Users of one account worked on at a time.",
       read_limit<&rotation::LimitSettings::users_per_account>,
       {1, 64}},
      {"iam_rate", "20", "a number from 1 to 1000", "IAM calls a second that an account is taken to allow.",
       read_iam_rate},
      {"iam_share", "0.5", "a number more than 0 and at most 1",
       "How much of iam_rate is used; the rest is left to other tools in the account.", read_iam_share},
  }};
  return keys;
}

}  // namespace rekeyer::config
