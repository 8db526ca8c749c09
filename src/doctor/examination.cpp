#include "doctor/examination.hpp"

#include <algorithm>

#include "doctor/caller.hpp"
#include "doctor/channels.hpp"
#include "doctor/organization.hpp"
#include "doctor/owners.hpp"
#include "doctor/store.hpp"

namespace rekeyer::doctor {
namespace {

/// One account to ask about owners: one that is in scope, and not the caller's where there is another.
AccountId any_account(const AccountsFacts& facts, const AccountId& caller) {
  AccountId any;
  for (const auto& account : facts.accounts) {
    if (any.empty() || any == caller || (account.id != caller && account.id < any)) any = account.id;
  }
  return any;
}

}  // namespace

Task<Checks> examine(engine::Context asker, Request request) {
  const auto session = co_await engine::Session::identify(asker);
  const auto caller = caller_facts(asker, session);
  Checks checks = judge(caller);
  if (!caller.self) {
    checks.push_back(not_checked(Topic::accounts_scope, "nothing else can be asked without credentials"));
    co_return checks;
  }
  if (!caller.fits) {  // nothing may be sent to another partition
    checks.push_back(
        not_checked(Topic::accounts_scope, "nothing else is asked with a configuration of another partition"));
    co_return checks;
  }
  const auto& context = session->context();
  const auto& self = session->self();
  const auto organization = co_await ask_organization(context, self);
  add(checks, judge(organization));
  const auto accounts =
      co_await ask_accounts(context, self, std::move(request.filter), request.mode, std::move(request.observer));
  add(checks, judge(accounts));
  auto organization_id = organization.organization ? organization.organization->id : std::string();
  const auto store = co_await ask_store(context, self, std::move(organization_id), request.mode);
  if (store) add(checks, judge(*store));
  const auto channels = co_await ask_channels(context);
  add(checks, judge(channels));
  const auto owners = co_await ask_owners(context, self, any_account(accounts, self.account));
  add(checks, judge(owners));
  const auto deployment = co_await ask_deployment(context, std::move(request.deployment));
  add(checks, judge(deployment));
  co_return checks;
}

}  // namespace rekeyer::doctor
