#include "rehearsal/model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <tuple>

#include "policy/intent.hpp"
#include "policy/precedence.hpp"

namespace rekeyer::rehearsal {
namespace {

constexpr std::string_view id_prefix = "key-";

Telling telling_by(const notify::Settings& settings) {
  if (!settings.enabled()) return Telling::nobody;
  const bool by_mail = std::ranges::any_of(settings.channels, &notify::ChannelSettings::mails);
  return by_mail ? Telling::mails : Telling::events;
}

/// Of keys that are gone already, too: they take the last numbers, which no new key comes to.
std::vector<CompactNotice> modelled_told(const policy::NoticeRecord& record,
                                         const std::map<AccessKeyId, AccessKeyId>& names) {
  std::vector<CompactNotice> all;
  std::uint16_t gone = std::numeric_limits<std::uint16_t>::max();
  for (const auto& told : record.entries) {
    const auto name = names.find(told.key);
    const auto number = name == names.end() ? gone-- : number_of(name->second);
    all.push_back({number, told.kind, told.accepted, told.days, told.due, told.since});
  }
  std::ranges::sort(all, {}, &CompactNotice::key);
  return all;
}

Key modelled_key(const policy::KeyFacts& facts, const policy::Custody& custody, Instant start) {
  Key key;
  key.status = facts.status;
  key.stored = facts.stored;
  key.signs_this_run = facts.signs_this_run;
  const auto use = policy::use_by_owner(facts);  // who installs it, and how often it is used, is up to the owner
  key.use_state = use.state;
  key.created = facts.created;
  key.used_at = use.at;
  if (facts.status == KeyStatus::active) key.uses = uses_of(use, start);
  if (const auto* record = custody.find(facts.id)) {
    key.record =
        Record{record->phase, record->deactivated_by_us, record->since, record->inactive_since, record->reactivated};
  }
  return key;
}

}  // namespace

AccessKeyId id_of(std::uint16_t number) { return AccessKeyId(fmt::format("{}{:05}", id_prefix, number)); }

std::uint16_t number_of(const AccessKeyId& id) {
  const auto digits = std::string_view(id.str()).substr(id_prefix.size());
  std::uint16_t number = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (read.ec != std::errc{}) throw std::logic_error("an id that no key was given");
  return number;
}

LastUse Key::last_use(Instant now) const {
  if (use_state == LastUse::State::unknown) return LastUse::unknown();
  const auto latest = uses.latest(now);
  if (latest && (use_state == LastUse::State::never || *latest > used_at)) return LastUse::used(*latest);
  return use_state == LastUse::State::used ? LastUse::used(used_at) : LastUse::never();
}

ModelBuilder::ModelBuilder(const rotation::Settings& settings, const notify::Settings& notify,
                           const Behaviour& behaviour, Instant start)
    : settings_(settings), notify_(notify), behaviour_(behaviour) {
  model_.start = start;
  model_.notices = settings.notices;
  model_.telling = telling_by(notify);
}

void ModelBuilder::begin_account(const rotation::AccountTarget& account, notify::AccountContacts contacts) {
  model_.accounts.push_back({account.id, account.name});
  contacts_ = std::move(contacts);
  contacts_.account_email = account.email;
}

void ModelBuilder::leave_out(const AccountId& account, std::string why) {
  model_.left_out.push_back({account, std::move(why)});
}

std::uint32_t ModelBuilder::rules_number(policy::Rules rules) {
  const auto known = std::ranges::find(model_.rules, rules);  // an organisation has a handful
  const auto number = static_cast<std::uint32_t>(known - model_.rules.begin());
  if (known == model_.rules.end()) model_.rules.push_back(std::move(rules));
  return number;
}

std::uint32_t ModelBuilder::owners_number(const policy::Subject& subject) {
  const auto owners = notify::resolve(notify_.owner, subject, contacts_);
  if (owners.addresses.empty()) return nobody;
  std::vector<std::uint32_t> group;
  for (const auto& address : owners.addresses) {
    const auto [known, fresh] = owner_numbers_.emplace(address, static_cast<std::uint32_t>(model_.owners.size()));
    if (fresh) model_.owners.push_back(address);
    group.push_back(known->second);
  }
  const auto number = static_cast<std::uint32_t>(model_.owner_groups.size());
  const auto [known, fresh] = group_numbers_.emplace(group, number);
  if (fresh) model_.owner_groups.push_back(std::move(group));
  return known->second;
}

std::shared_ptr<const UncommonFacts> ModelBuilder::uncommon(const rotation::UserContext& context,
                                                            const policy::UserFacts& facts,
                                                            std::optional<std::string> rules_unreadable) const {
  UncommonFacts found;
  // Each exemption with an end is followed by the one that holds then, if any; the list of them is finite.
  Instant at = model_.start;
  while (auto exemption = policy::exemption_for(settings_.policy, context.subject, at)) {
    const auto until = exemption->until;
    found.exemptions.push_back(std::move(*exemption));
    if (!until) break;
    at = *until;
  }
  found.exemption_unreadable = context.exemption_unreadable;
  found.rules_unreadable = std::move(rules_unreadable);
  found.intent_unreadable = facts.intent_unreadable;
  const bool anything =
      !found.exemptions.empty() || found.exemption_unreadable || found.rules_unreadable || found.intent_unreadable;
  return anything ? std::make_shared<const UncommonFacts>(std::move(found)) : nullptr;
}

void ModelBuilder::add(const rotation::UserContext& context, const policy::UserFacts& facts) {
  User user;
  user.name = context.subject.user;
  user.account = static_cast<std::uint32_t>(model_.accounts.size() - 1);
  user.owners = owners_number(context.subject);
  const auto effective = policy::effective_rules(settings_.policy, context.subject);
  user.rules = rules_number(effective.value_or(policy::Rules{}));
  user.uncommon =
      uncommon(context, facts, effective ? std::nullopt : std::optional<std::string>(effective.error().message));
  user.never_installs = Owner(behaviour_, context.subject.account.str(), user.name.str()).never_installs();
  user.custody_lost = facts.custody_lost;

  std::vector<const policy::KeyFacts*> keys;
  for (const auto& key : facts.keys) keys.push_back(&key);
  std::ranges::sort(
      keys, [](const auto* a, const auto* b) { return std::tie(a->created, a->id) < std::tie(b->created, b->id); });
  std::map<AccessKeyId, AccessKeyId> new_names;
  for (const auto* known : keys) {
    Key key = modelled_key(*known, facts.custody, model_.start);
    key.number = ++user.issued;
    new_names.emplace(known->id, id_of(key.number));
    user.keys.push_back(key);
  }
  user.told = modelled_told(facts.notices, new_names);
  if (facts.intent) {
    auto intent = *facts.intent;
    std::erase_if(intent.had, [&](const AccessKeyId& id) { return !new_names.contains(id); });
    for (auto& id : intent.had) id = new_names.at(id);
    user.intent = std::make_shared<const policy::Intent>(std::move(intent));
  }
  model_.users.push_back(std::move(user));
}

/// Accounts in order of their ids: a survey brings them in any order, and the same world must give the same rehearsal.
Model ModelBuilder::finish() {
  std::vector<std::uint32_t> order(model_.accounts.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::sort(order, {}, [&](std::uint32_t number) -> const AccountId& { return model_.accounts[number].id; });
  std::vector<Account> accounts;
  std::vector<std::uint32_t> place(order.size());
  for (const auto number : order) {
    place[number] = static_cast<std::uint32_t>(accounts.size());
    accounts.push_back(std::move(model_.accounts[number]));
  }
  model_.accounts = std::move(accounts);
  for (User& user : model_.users) user.account = place[user.account];
  std::ranges::sort(model_.users, [](const User& a, const User& b) {
    return std::tie(a.account, a.name) < std::tie(b.account, b.name);
  });
  std::ranges::sort(model_.left_out, {}, [](const LeftOut& left) { return std::tie(left.account, left.why); });
  return std::move(model_);
}

}  // namespace rekeyer::rehearsal
