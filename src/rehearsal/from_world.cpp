#include "rehearsal/from_world.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>

#include "base/text.hpp"
#include "base/try.hpp"
#include "rehearsal/world_organization.hpp"
#include "rotation/inventory.hpp"
#include "rotation/naming.hpp"
#include "rotation/secrets_of_account.hpp"
#include "rotation/user_state.hpp"

namespace rekeyer::rehearsal {
namespace {

/// The accounts in scope, asked for as a run asks. Nothing in it waits, so one turn of a loop does.
ResultTask<std::vector<rotation::AccountTarget>> all_of(rotation::AccountSource& source) {
  std::vector<rotation::AccountTarget> targets;
  for (;;) {
    CO_TRY(auto next, co_await source.next());
    if (!next) break;
    targets.push_back(std::move(*next));
  }
  // The configuration may be that of another organization; what a flag names is meant of this one.
  CO_TRY(auto unknown, co_await source.unknown_names());
  std::erase_if(unknown, [](const std::string& name) { return !name.starts_with("--"); });
  if (!unknown.empty()) co_return fail(ErrorKind::usage, fmt::format("{}", fmt::join(unknown, "; ")));
  co_return targets;
}

Result<std::vector<rotation::AccountTarget>> listed(rotation::AccountSource& source) {
  boost::asio::io_context context;
  Result<std::vector<rotation::AccountTarget>> targets;
  std::exception_ptr bug;
  boost::asio::co_spawn(context, all_of(source),
                        [&](std::exception_ptr thrown, Result<std::vector<rotation::AccountTarget>> found) {
                          bug = thrown;
                          targets = std::move(found);
                        });
  context.run();
  if (bug) std::rethrow_exception(bug);
  return targets;
}

Result<std::vector<rotation::AccountTarget>> targets_of(const sandbox::World& world, const rotation::Settings& settings,
                                                        const rotation::Filter& filter) {
  if (!settings.scope.fixed_accounts.empty()) {
    const auto source = rotation::fixed_source(settings.scope, filter);
    return listed(*source);
  }
  if (!world.organization.id.empty()) {
    WorldOrganization organization(world);
    const auto source = rotation::organization_source(organization, settings.scope, filter, true);
    return listed(*source);
  }
  rotation::ScopeSettings everything;
  for (const auto& [id, account] : world.accounts) everything.fixed_accounts[id] = {"*"};
  const auto source = rotation::fixed_source(everything, filter);
  return listed(*source);
}

aws::SecretDescription description_of(const sandbox::StoredSecret& secret) {
  aws::SecretDescription description;
  description.arn = secret.arn;
  description.name = SecretName(secret.name);
  description.kms_key_id = secret.kms_key_id;
  description.tags = secret.tags;
  for (const auto& [id, version] : secret.versions) {
    if (!version.stages.empty()) description.versions[VersionId(id)] = version.stages;
  }
  description.created = secret.created;
  description.deleted = secret.deletion;
  return description;
}

/// The users of one account, and what belongs to them.
class AccountReader {
 public:
  AccountReader(const sandbox::World& world, const config::Configuration& configuration, Instant now)
      : world_(world), settings_(configuration.rotation), owners_(configuration.notify.owner), now_(now) {}

  void read(const rotation::AccountTarget& target, ModelBuilder& builder) const {
    const auto* account = world_.find_account(target.id);
    if (account == nullptr) return builder.leave_out(target.id, "the world has no such account");
    const bool own = target.id == world_.tooling && settings_.scope.own_account == rotation::OwnAccount::direct;
    if (!own && !account->iam.roles.contains(sandbox::folded(world_.member_role.str()))) {
      return builder.leave_out(target.id, "denied: it has no role " + world_.member_role.str());
    }
    builder.begin_account(target, contacts_of(*account));
    if (account->iam.root_keys > 0) builder.add_root_key();
    const auto* vault = vault_of(*account);
    for (const auto& [folded, user] : account->iam.users) {
      const bool wanted = target.users.empty() || std::ranges::find(target.users, user.name) != target.users.end();
      if (wanted) builder.add(context_of(target, *account, user), facts_of(*account, user, vault));
    }
    builder.add_orphaned_secrets(orphans(*account, target, vault));
  }

 private:
  /// All of them: whatever the chain of [owner] comes to.
  notify::AccountContacts contacts_of(const sandbox::Account& account) const {
    notify::AccountContacts contacts;
    const auto tags = world_.organization.tags.find(account.id.str());
    contacts.tags = tags == world_.organization.tags.end() ? sandbox::Tags{} : tags->second;
    for (const auto& kind : owners_.alternate_contacts) {
      const auto contact = account.contacts.find(upper_case(kind));
      contacts.alternate_contacts[kind] =
          contact == account.contacts.end() ? std::nullopt : std::optional(contact->second.email);
    }
    return contacts;
  }

  const sandbox::Vault* vault_of(const sandbox::Account& account) const {
    const bool central = settings_.store.location == rotation::StoreLocation::central;
    const auto* place = central ? world_.find_account(world_.tooling) : &account;
    if (place == nullptr) return nullptr;
    const auto vault = place->vaults.find(settings_.store.region);
    return vault == place->vaults.end() ? nullptr : &vault->second;
  }

  static rotation::UserContext context_of(const rotation::AccountTarget& target, const sandbox::Account& account,
                                          const sandbox::User& user) {
    rotation::UserContext context;
    context.subject.account = account.id;
    context.subject.ous = target.ous;
    context.subject.user = user.name;
    context.subject.path = user.path;
    context.subject.tags = user.tags;
    for (const auto& [folded, group] : account.iam.groups) {
      if (std::ranges::find(group.members, user.name) != group.members.end()) {
        context.subject.groups.push_back(group.name);
      }
    }
    return context;
  }

  policy::UserFacts facts_of(const sandbox::Account& account, const sandbox::User& user,
                             const sandbox::Vault* vault) const {
    policy::UserFacts facts;
    facts.account = account.id;
    facts.user = user.name;
    for (const auto& key : user.keys) {
      policy::KeyFacts fact;
      fact.id = key.id;
      fact.status = key.active ? KeyStatus::active : KeyStatus::inactive;
      fact.created = key.created;
      fact.last_use = key.last_use && key.last_use->at <= now_
                          ? LastUse::used(key.last_use->at, key.last_use->service, key.last_use->region)
                          : LastUse::never();
      facts.keys.push_back(std::move(fact));
    }
    if (vault == nullptr) return facts;
    const auto name = rotation::secret_name(settings_.store.name_template, account.id, user.name);
    const auto secret = vault->secrets.find(name.str());
    if (secret != vault->secrets.end()) rotation::read_secret(description_of(secret->second), user.name, now_, facts);
    return facts;
  }

  std::size_t orphans(const sandbox::Account& account, const rotation::AccountTarget& target,
                      const sandbox::Vault* vault) const {
    if (vault == nullptr || !target.users.empty()) return 0;
    std::size_t found = 0;
    for (const auto& [name, secret] : vault->secrets) {
      const auto user = rotation::user_of_secret(settings_.store.name_template, account.id, name);
      const bool gone = user && !account.iam.users.contains(sandbox::folded(user->str()));
      if (gone && rotation::carries_our_tags(secret.tags) && !secret.deletion) ++found;
    }
    return found;
  }

  const sandbox::World& world_;
  const rotation::Settings& settings_;
  const notify::OwnerSettings& owners_;
  Instant now_;
};

}  // namespace

Result<Model> model_of(const sandbox::World& world, const config::Configuration& configuration,
                       const rotation::Filter& filter, const Behaviour& behaviour, Instant now) {
  const auto& settings = configuration.rotation;
  TRY(const auto targets, targets_of(world, settings, filter));
  for (const auto& user : filter.users) {
    const auto has = [&](const auto& account) {
      return account.second.iam.users.contains(sandbox::folded(user.str()));
    };
    if (std::ranges::none_of(world.accounts, has)) {
      return fail(ErrorKind::usage, fmt::format("--user {}: no user of this organization", user));
    }
  }
  ModelBuilder builder(settings, configuration.notify, behaviour, now);
  const AccountReader reader(world, configuration, now);
  for (const auto& target : targets) {
    if (target.skip) {
      builder.leave_out(target.id, *target.skip);
    } else {
      reader.read(target, builder);
    }
  }
  return builder.finish();
}

}  // namespace rekeyer::rehearsal
