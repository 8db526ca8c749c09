// Asking accounts, a bounded number at a time while they are still being listed.
#include "aws/auth/member_role_provider.hpp"
#include "aws/services/secrets_manager.hpp"
#include "base/concurrency.hpp"
#include "base/try.hpp"
#include "doctor/accounts.hpp"
#include "rotation/configured_accounts.hpp"
#include "rotation/lock.hpp"
#include "rotation/naming.hpp"

namespace rekeyer::doctor {
namespace {

/// "security/rekeyer-member" → "rekeyer-member": GetRole wants no path.
RoleName without_path(const RoleName& role) {
  const auto& text = role.str();
  const auto slash = text.rfind('/');
  return slash == std::string::npos ? role : RoleName(text.substr(slash + 1));
}

class Asking {
 public:
  Asking(const engine::Context& context, rotation::OwnIdentity self, const rotation::Filter& filter,
         AccountsObserver observer)
      : context_(context),
        self_(std::move(self)),
        sources_(context.caller, context.principal, self_, context.settings(), filter, &context.stop),
        proofs_(context.caller, context.principal, context.settings().store),
        observer_(std::move(observer)) {}

  Task<AccountsFacts> ask(rotation::Mode mode) {
    const auto& settings = context_.settings();
    facts_.mode = mode;
    facts_.role = settings.scope.member_role;
    facts_.external_id = settings.scope.external_id;
    facts_.store_region = settings.store.region;
    facts_.lock_chosen = settings.store.lock_chosen && settings.store.lock != rotation::LockMode::none;
    facts_.central_store = settings.store.location == rotation::StoreLocation::central;
    co_await run_workers(settings.limits.concurrency, [this](std::size_t) { return worker(); });
    if (context_.stop.requested() && listing_) {
      facts_.listing = Error{ErrorKind::cancelled, "stopped before all accounts were looked at", {}, {}, {}};
    }
    if (!facts_.listing) co_await look_for_names();
    co_return std::move(facts_);
  }

 private:
  Task<void> look_for_names() {
    auto unknown = co_await sources_.source().unknown_names();
    if (!unknown) {
      facts_.listing = unknown.error();
    } else {
      facts_.unknown = *std::move(unknown);
    }
  }

  Task<void> worker() {
    while (listing_ && !context_.stop.requested()) {
      auto target = co_await sources_.source().next();
      if (!target) {
        listing_ = false;
        if (!facts_.listing) facts_.listing = target.error();
      } else if (!*target) {
        listing_ = false;
      } else if ((*target)->skip) {
        facts_.skipped.emplace_back((*target)->id, *(*target)->skip);
      } else {
        if (observer_.started) observer_.started((*target)->id);
        auto account = co_await ask_account((*target)->id);
        if (observer_.finished) observer_.finished(account.id);
        facts_.accounts.push_back(std::move(account));
      }
    }
  }

  Task<AccountFacts> ask_account(AccountId id) {
    AccountFacts facts;
    facts.id = id;
    facts.as_caller = id == self_.account && context_.settings().scope.own_account == rotation::OwnAccount::direct;
    const auto provider = facts.as_caller ? context_.principal.credentials : member(id);
    const auto entered = co_await provider->get();
    if (!entered) {
      facts.entered = fail(entered.error());
      co_return facts;
    }
    const aws::Principal as{provider, context_.principal.region, id};
    auto source = co_await ask_source(facts, as);
    co_await ask_account_rights(facts, as, std::move(source));
    if (!facts_.central_store) {
      auto store = co_await ask_store(as, id);
      facts.store = std::move(store);
    }
    const auto writer = rotation::store_principal(self_, context_.settings(), id);
    facts.lockable = rotation::lockable(context_.settings(), id, self_.partition, writer);
    if (facts.lockable) {
      auto locks = co_await ask_locks(as, id);
      facts.locks = std::move(locks);
    }
    co_return facts;
  }

  aws::MemberRole member_role(const AccountId& id) const {
    aws::MemberRole role;
    role.partition = self_.partition;
    role.account = id;
    role.role = facts_.role;
    role.session_name = rotation::session_name(context_.settings().scope.session_name, context_.run);
    role.external_id = facts_.external_id;
    return role;
  }

  aws::SharedProvider member(const AccountId& id) const {
    auto principal = context_.principal;
    principal.pace_account = self_.account;  // STS limits the caller's account
    return aws::member_role_provider(context_.caller, context_.clock, std::move(principal), member_role(id));
  }

  /// Whose rights are to be simulated; looks at the role on the way.
  ResultTask<Arn> ask_source(AccountFacts& facts, aws::Principal as) {
    if (facts.as_caller) {
      auto source = co_await ask_policy_source(context_.caller, std::move(as), self_.arn);
      co_return source;
    }
    aws::RoleClient roles(context_.caller, std::move(as));
    auto role = co_await roles.role(without_path(facts_.role));
    // Without GetRole the name and path of the configuration do as well.
    Arn arn = role ? role->arn : aws::member_role_arn(member_role(facts.id));
    facts.role = std::move(role);
    co_return arn;
  }

  Task<void> ask_account_rights(AccountFacts& facts, aws::Principal as, Result<Arn> source) {
    if (!source) {
      facts.users = fail(source.error());
      if (!facts_.central_store) facts.secrets = fail(source.error());
      co_return;
    }
    const RightsSubject subject{self_.partition, facts.id, *source};
    auto users = co_await ask_rights(context_.caller, as, user_rights(subject, context_.settings(), facts_.mode));
    facts.users = std::move(users);
    if (facts_.central_store) co_return;
    auto secrets = co_await ask_rights(context_.caller, as, secret_rights(subject, context_.settings(), facts_.mode));
    facts.secrets = std::move(secrets);
  }

  /// A secret that nobody has: "there is none" is the answer of a region that works and of a role that may ask.
  ResultTask<> ask_store(aws::Principal as, AccountId id) {
    as.region = context_.settings().store.region;
    aws::SecretsManagerClient secrets(context_.caller, std::move(as));
    const auto described = co_await secrets.describe_secret(nobodys_secret(context_.settings(), id));
    if (!described && described.error().kind != ErrorKind::not_found) co_return fail(described.error());
    co_return Result<>{};
  }

  /// One list of secrets, whatever their number.
  ResultTask<LockCounts> ask_locks(aws::Principal as, AccountId id) {
    const auto& store = context_.settings().store;
    CO_TRY_VOID(co_await proofs_->prepare());
    if (facts_.central_store) as = aws::Principal{context_.principal.credentials, store.region, self_.account};
    as.region = store.region;
    aws::SecretsManagerClient secrets(context_.caller, std::move(as));
    CO_TRY(const auto listed, co_await secrets.list_secrets(rotation::secret_name_prefix(store.name_template, id)));
    co_return count_locks(listed, context_.settings(), id, self_.partition, *proofs_);
  }

  const engine::Context& context_;
  rotation::OwnIdentity self_;
  rotation::ConfiguredAccounts sources_;
  rotation::AwsProofs proofs_;
  AccountsObserver observer_;
  AccountsFacts facts_;
  bool listing_ = true;
};

}  // namespace

Task<AccountsFacts> ask_accounts(const engine::Context& context, rotation::OwnIdentity self, rotation::Filter filter,
                                 rotation::Mode mode, AccountsObserver observer) {
  Asking asking(context, std::move(self), filter, std::move(observer));
  co_return co_await asking.ask(mode);
}

}  // namespace rekeyer::doctor
