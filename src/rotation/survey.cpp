#include "rotation/survey.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/log.hpp"
#include "base/text.hpp"
#include "base/try.hpp"
#include "rotation/lock.hpp"
#include "rotation/memberships.hpp"
#include "rotation/naming.hpp"

namespace rekeyer::rotation {
namespace {

ResultTask<SecretsOfAccount> secrets_of(ReadAccess& access, const Settings& settings, AccountId account) {
  const auto& name_template = settings.store.name_template;
  auto listed = co_await access.secrets().list_secrets(secret_name_prefix(name_template, account));
  if (!listed) co_return fail(in_store_context(listed.error(), "can't list the account's secrets", settings.store));
  for (const auto& secret : *listed) {
    const auto& name = secret.name.str();
    if (!carries_our_tags(secret.tags) || user_of_secret(name_template, account, name) ||
        !fits_template(name_template, account, name)) {
      continue;
    }
    log::warn("a secret carries rekeyer's tags, and its name is that of no user: it is left alone; delete it by hand",
              {{"account", account.str()}, {"secret", name}});
  }
  co_return SecretsOfAccount(name_template, account, std::move(*listed), signed_proofs(access, settings));
}

/// The user's secret among the account's; where it is, or is to be made, goes into the context. Null: there is none.
const NamedSecret* place(SecretsOfAccount& secrets, UserContext& user) {
  const auto* his = secrets.claim(user.subject.user, user.subject.id);
  user.place = his != nullptr ? SecretPlace{his->secret.name, his->user}
                              : secrets.free_place(user.subject.user, user.subject.id);
  return his;
}

/// Whoever may make secrets could else make a user look as if nothing were due: then nobody would look closer.
void forget_unproved(ReadAccess& access, const Settings& settings, Instant now, SurveyedUser& user) {
  if (!user.unproved || !lockable(access, settings, user.facts.account)) return;
  forget_record(now, user.facts);
}

/// No id of a key has a blank.
constexpr std::string_view slot_word = "slot ";

std::chrono::sys_seconds to_second(Instant instant) { return std::chrono::floor<std::chrono::seconds>(instant); }

/// The report's slots carry no key ids: give each slot the id of the custody record it must belong to. Returns false
/// where that can't be told, or where records and slots do not match one to one.
bool name_slots(const std::vector<aws::ReportedKey>& slots, const policy::Custody& custody, policy::UserFacts& facts) {
  std::vector<const policy::KeyRecord*> records;
  for (const auto& record : custody.keys) records.push_back(&record);
  for (const auto& slot : slots) {
    policy::KeyFacts key;
    key.status = slot.active ? KeyStatus::active : KeyStatus::inactive;
    key.created = slot.created.value_or(Instant{});
    key.last_use = slot.last_use;
    facts.keys.push_back(std::move(key));
  }
  // The current key's record begins with the key itself, so its creation date finds its slot.
  for (auto& key : facts.keys) {
    const auto match = std::ranges::find_if(records, [&](const policy::KeyRecord* record) {
      return record->phase == policy::KeyPhase::current && to_second(record->since) == to_second(key.created);
    });
    if (match == records.end()) continue;
    key.id = (*match)->id;
    records.erase(match);
  }
  std::vector<policy::KeyFacts*> unnamed;
  for (auto& key : facts.keys) {
    if (key.id.empty()) unnamed.push_back(&key);
  }
  const bool told = records.empty() || (records.size() == 1 && unnamed.size() == 1);
  if (told && !records.empty()) unnamed.front()->id = records.front()->id;
  int number = 0;
  for (auto& key : facts.keys) {
    ++number;
    if (key.id.empty()) key.id = AccessKeyId(fmt::format("{}{}", slot_word, number));
  }
  return told;
}

/// A new secret is looked at once, and settled by that: docs/design/0012-trust.md.
void look_at_fresh(Proof proof, SurveyedUser& user) {
  if (proof == Proof::fresh && !user.facts.is_exempt()) user.look_closer = true;
}

SurveyedUser surveyed(const Settings& settings, const Proofs& proofs, UserContext context,
                      const std::vector<aws::ReportedKey>& slots, const NamedSecret* his, Instant now) {
  SurveyedUser user;
  const auto* secret = his != nullptr ? &his->secret : nullptr;
  user.facts.account = context.subject.account;
  user.facts.user = context.subject.user;
  policy::UserFacts
      stored;  // custody must be known before slots can be named, and names before tokens can be looked up
  stored.account = user.facts.account;
  stored.user = user.facts.user;
  if (his != nullptr) read_secret(his->secret, his->user, now, stored);
  user.look_closer = !name_slots(slots, stored.custody, user.facts);
  if (his != nullptr) read_secret(his->secret, his->user, now, user.facts);
  user.look_closer = user.look_closer || user.facts.custody_lost || user.facts.intent || user.facts.intent_unreadable;
  if (secret != nullptr && secret->deleted && !user.facts.custody.empty()) user.look_closer = true;
  user.may_have_secret = secret != nullptr;
  user.has_values = secret != nullptr && !secret->versions.empty();
  const auto proof = secret != nullptr ? proofs.find(*secret, context.subject.id) : Proof::none;
  user.unproved = secret != nullptr && proof == Proof::none;
  read_rules(settings.policy, context, now, user.facts, user.rules);
  look_at_fresh(proof, user);
  user.context = std::move(context);
  return user;
}

policy::Subject subject_of(const AccountTarget& target, aws::UserDetail detail) {
  policy::Subject subject;
  subject.account = target.id;
  subject.ous = target.ous;
  subject.user = std::move(detail.user.name);
  subject.id = std::move(detail.user.id);
  subject.path = std::move(detail.user.path);
  subject.tags = std::move(detail.tags);
  subject.groups = std::move(detail.groups);
  return subject;
}

bool wanted(const AccountTarget& target, const UserName& user) {
  return target.users.empty() || std::ranges::find(target.users, user) != target.users.end();
}

/// The users that the account has.
struct Seen {
  std::set<UserName> names;
  std::set<UserId> ids;

  void add(const aws::User& user) {
    names.insert(user.name);
    ids.insert(user.id);
  }
};

/// After all users of the account were seen: who was asked for and is not there, and whose secret was left behind. One
/// with the id of somebody who is there was not, though another secret with that id was found before it: whoever may
/// tag secrets can write the id on his own.
void add_unseen(const AccountTarget& target, const Seen& seen, SecretsOfAccount secrets, AccountSurvey& survey) {
  for (const auto& user : target.users) {
    if (!seen.names.contains(user)) survey.missing_users.push_back(user);
  }
  for (auto& left : secrets.take_unclaimed()) {
    if (seen.ids.contains(id_on(left.secret))) continue;
    if (wanted(target, left.user) && carries_our_tags(left.secret.tags) && !left.secret.deleted) {
      survey.orphaned_secrets.push_back(std::move(left));
    }
  }
}

ResultTask<AccountSurvey> survey_by_report(ReadAccess& access, const Settings& settings, AccountTarget target,
                                           Instant now) {
  AccountSurvey survey;
  CO_TRY(auto report, co_await access.iam().credential_report());
  survey.report_made = report.generated.value_or(now);
  CO_TRY(auto details, co_await access.iam().user_details());
  CO_TRY(auto secrets, co_await secrets_of(access, settings, target.id));

  if (report.root) {
    survey.root_key_active = std::ranges::any_of(report.root->keys, [](const auto& key) { return key.active; });
  }
  if (report.unreadable_rows > 0) {
    log::warn("the credential report has rows that can't be read: their users are looked at one by one",
              {{"account", target.id.str()},
               {"rows", fmt::format("{}", report.unreadable_rows)},
               {"first", report.first_unreadable}});
  }
  std::map<std::string_view, const aws::ReportedUser*> reported;
  for (const auto& user : report.users) reported.emplace(user.name, &user);

  Seen seen;
  survey.users.reserve(details.size());
  for (auto& detail : details) {
    seen.add(detail.user);
    const auto row = reported.find(detail.user.name.str());
    UserContext context{subject_of(target, std::move(detail)), std::nullopt};
    const auto* his = place(secrets, context);  // also of whom nobody asked for: his secret is no orphan
    if (!wanted(target, context.subject.user)) continue;
    static const std::vector<aws::ReportedKey> no_keys;  // younger than the report: nothing can be due yet
    survey.users.push_back(surveyed(settings, access.proofs(), std::move(context),
                                    row == reported.end() ? no_keys : row->second->keys, his, now));
    forget_unproved(access, settings, now, survey.users.back());
    auto& user = survey.users.back();
    user.place_taken = his == nullptr && user.context.place && secrets.has(user.context.place->carries);
    if (row != reported.end()) survey.users.back().login = row->second->login;
    if (row == reported.end() && report.unreadable_rows > 0) survey.users.back().look_closer = true;
  }
  add_unseen(target, seen, std::move(secrets), survey);
  co_return survey;
}

/// The user's keys and what `his` secret says of them; nothing where the user is gone.
ResultTask<std::optional<SurveyedUser>> survey_user(ReadAccess& access, const Settings& settings, UserContext context,
                                                    const Memberships& groups, const NamedSecret* his, Instant now) {
  const auto user = context.subject.user;
  context.exemption_unreadable = groups.exempt_unreadable;
  context.subject.groups_unreadable = groups.owners_unreadable;
  for (const auto& [group, members] : groups.members) {
    if (members.contains(lower_case(user.str()))) context.subject.groups.push_back(group);
  }
  auto keys = co_await access.iam().list_access_keys(user);
  if (!keys && keys.error().kind == ErrorKind::not_found) co_return std::nullopt;
  if (!keys) co_return fail(in_context(keys.error(), "can't list the keys of user " + user.str()));

  SurveyedUser result;
  result.facts.account = context.subject.account;
  result.facts.user = user;
  for (const auto& key : *keys) {
    policy::KeyFacts fact;
    fact.id = key.id;
    fact.status = key.status;
    fact.created = key.created;
    // Not asked for yet: taken so that more looks due, never less. Whoever has something due is looked at closely
    // anyway.
    fact.last_use = key.status == KeyStatus::active ? LastUse::used(now) : LastUse::never();
    result.facts.keys.push_back(std::move(fact));
  }
  result.may_have_secret = !context.place || his != nullptr;
  const auto proof = his != nullptr ? access.proofs().find(his->secret, context.subject.id) : Proof::none;
  result.unproved = !context.place || (his != nullptr && proof == Proof::none);
  if (!context.place) {
    result.look_closer = true;
  } else if (his != nullptr) {
    read_secret(his->secret, his->user, now, result.facts);
    result.look_closer = result.facts.custody_lost || result.facts.intent || result.facts.intent_unreadable;
  }
  forget_unproved(access, settings, now, result);
  read_rules(settings.policy, context, now, result.facts, result.rules);
  look_at_fresh(proof, result);
  result.context = std::move(context);
  co_return result;
}

/// A few users by name: no list of users and no list of secrets is needed.
ResultTask<AccountSurvey> survey_named_users(ReadAccess& access, const Settings& settings, AccountTarget target,
                                             Instant now) {
  AccountSurvey survey;
  const auto groups = co_await read_memberships(access, settings, true);
  for (const auto& name : target.users) {
    auto user = co_await access.iam().get_user(name);
    if (!user && user.error().kind == ErrorKind::not_found) {
      survey.missing_users.push_back(name);
      continue;
    }
    if (!user) co_return fail(in_context(user.error(), "can't read user " + name.str()));
    UserContext context{subject_of(target, std::move(*user)), std::nullopt};
    CO_TRY(auto result, co_await survey_user(access, settings, std::move(context), groups, nullptr, now));
    if (result) {
      survey.users.push_back(std::move(*result));
    } else {
      survey.missing_users.push_back(name);
    }
  }
  co_return survey;
}

ResultTask<AccountSurvey> survey_directly(ReadAccess& access, const Settings& settings, AccountTarget target,
                                          Instant now) {
  AccountSurvey survey;
  CO_TRY(auto users, co_await access.iam().list_users());
  CO_TRY(auto secrets, co_await secrets_of(access, settings, target.id));
  const auto groups = co_await read_memberships(access, settings, true);
  Seen seen;
  for (auto& user : users) {
    const auto name = user.name;
    seen.add(user);
    UserContext context{subject_of(target, {std::move(user), {}, {}}), std::nullopt};
    const auto* his = place(secrets, context);
    if (!wanted(target, name)) continue;
    auto tags = co_await access.iam().list_user_tags(name);
    if (!tags && tags.error().kind == ErrorKind::not_found) continue;
    if (!tags) co_return fail(in_context(tags.error(), "can't read the tags of user " + name.str()));
    context.subject.tags = std::move(*tags);
    CO_TRY(auto result, co_await survey_user(access, settings, std::move(context), groups, his, now));
    if (result) survey.users.push_back(std::move(*result));
  }
  add_unseen(target, seen, std::move(secrets), survey);
  co_return survey;
}

/// IAM's bulk lists were denied, or can't be understood: there is another way to what they say.
bool may_be_read_directly(const Error& error) {
  return (error.kind == ErrorKind::access_denied || error.kind == ErrorKind::bad_reply) &&
         error.operation.starts_with("iam:");
}

}  // namespace

ResultTask<std::vector<aws::User>> users_of_account(ReadAccess& access, const Settings& settings) {
  if (settings.discovery == Discovery::direct) co_return co_await access.iam().list_users();
  auto details = co_await access.iam().user_details();
  if (!details && may_be_read_directly(details.error())) co_return co_await access.iam().list_users();
  if (!details) co_return fail(details.error());
  std::vector<aws::User> users;
  for (auto& detail : *details) users.push_back(std::move(detail.user));
  co_return users;
}

bool names_all_keys(const policy::UserFacts& facts) {
  return std::ranges::all_of(facts.keys, is_key_id, &policy::KeyFacts::id);
}

void name_slots_by_day(policy::UserFacts& facts) {
  for (auto& key : facts.keys) {
    if (!is_key_id(key.id)) key.id = AccessKeyId(fmt::format("{} of {}", key.id, day_of(key.created)));
  }
}

bool is_key_id(const AccessKeyId& id) { return !id.empty() && !id.str().starts_with(slot_word); }

ResultTask<AccountSurvey> survey_account(ReadAccess& access, const Settings& settings, AccountTarget target,
                                         Instant now) {
  if (!target.users.empty() && target.users.size() <= direct_user_limit) {
    co_return co_await survey_named_users(access, settings, std::move(target), now);
  }
  if (settings.discovery == Discovery::report) {
    auto survey = co_await survey_by_report(access, settings, target, now);
    if (survey || !may_be_read_directly(survey.error())) co_return survey;
    log::warn("bulk reading is not possible: reading user by user instead (discovery.mode = \"direct\")",
              {{"account", target.id.str()}, {"error", describe(survey.error())}});
  }
  co_return co_await survey_directly(access, settings, std::move(target), now);
}

}  // namespace rekeyer::rotation
