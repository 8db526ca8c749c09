#include "rotation/relock.hpp"

#include <fmt/format.h>

#include "base/log.hpp"
#include "base/try.hpp"
#include "rotation/lock.hpp"
#include "rotation/lock_mark.hpp"
#include "rotation/relock_judgement.hpp"

namespace rekeyer::rotation {
namespace {

constexpr std::chrono::minutes signed_within{2};

/// Whose secret it is, and what its policy is to say.
struct Wanted {
  policy::Subject owner;
  WantedPolicy wanted;
  std::string mark;
  bool owner_gone = false;
};

WantedPolicy wanted_for_account(const ReadAccess& access, const Settings& settings, const AccountId& account) {
  policy::Subject anybody;
  anybody.account = account;
  return configured_policy(settings, anybody, access.partition());
}

/// Does the configuration name it, as one of now or of before?
bool is_known(const StorePrincipal& writer, const WantedPolicy& wanted) {
  return !writer.arn.empty() && (is_named(wanted.writers, writer.arn, writer.path_known) ||
                                 is_named(wanted.former_writers, writer.arn, writer.path_known));
}

Wanted wanted_for(ReadAccess& access, const Settings& settings, policy::Subject owner) {
  Wanted wanted;
  wanted.wanted = configured_policy(settings, owner, access.partition());
  wanted.mark = lock_mark(wanted.wanted);
  wanted.owner = std::move(owner);
  return wanted;
}

Wanted wanted_for_gone(ReadAccess& access, const Settings& settings, AccountId account, const NamedSecret& left) {
  policy::Subject owner;
  owner.account = std::move(account);
  owner.user = left.user;
  owner.id = id_on(left.secret);
  auto wanted = wanted_for(access, settings, std::move(owner));
  wanted.wanted.grant = false;
  wanted.owner_gone = true;
  return wanted;
}

ActionOutcome relock_row(const policy::Subject& user, ActionStatus status, OutcomeReason reason, std::string detail) {
  return user_row(user.account, user.user, policy::Action::relock, reason, status, std::move(detail));
}

ActionStatus planned_status(Relocking::What what) {
  switch (what) {
    case Relocking::What::nothing:
    case Relocking::What::held: return ActionStatus::held;
    case Relocking::What::due: return ActionStatus::planned;
    case Relocking::What::failed: return ActionStatus::failed;
  }
  return ActionStatus::held;
}

/// The secret as it is, and what is to be done with it.
struct SeenSecret {
  SecretName handle;
  Arn arn;
  UserId owner;
  Relocking relocking;
};

ResultTask<SeenSecret> look_at_secret(ReadAccess& access, const RunContext& run, const Wanted& wanted,
                                      const aws::SecretDescription& secret) {
  SeenSecret looked;
  looked.handle = SecretName(secret.arn.str());
  looked.arn = secret.arn;
  looked.owner = wanted.owner.id;
  if (secret.deleted) {
    looked.relocking.what = Relocking::What::held;
    looked.relocking.reason = ErrorKind::marked_for_deletion;
    looked.relocking.detail =
        fmt::format("secret {} is marked for deletion, so that nobody sees its policy", secret.name);
    co_return looked;
  }
  CO_TRY(const auto policy, co_await access.secrets().resource_policy(looked.handle));
  const auto review = review_policy(policy, wanted.wanted);
  if (!review) {
    looked.relocking = not_ours(secret, review.error().message);
    co_return looked;
  }
  if (wanted.owner_gone && review->grants_somebody) {
    looked.relocking.what = Relocking::What::held;
    looked.relocking.reason = RunReason::user_exists;
    looked.relocking.detail =
        fmt::format("secret {} looks orphaned, and AWS knows whom its policy lets read", secret.name);
    co_return looked;
  }
  const RelockingSide side{access.proofs(), run.settings.store, access.store_principal(), run.decision_time()};
  looked.relocking = judge_relocking(secret, *review, wanted.wanted, wanted.mark, side);
  co_return looked;
}

/// Puts what is due, row and all.
class Writing {
 public:
  Writing(WriteAccess& access, const RunContext& run, const SeenSecret& looked)
      : access_(access), run_(run), looked_(looked) {}

  Task<void> write(ActionOutcome& row) {
    const auto& relocking = looked_.relocking;
    if (relocking.settles && !co_await settle(row)) co_return;
    const bool done =
        relocking.marks_first ? co_await mark(row) && co_await put(row) : co_await put(row) && co_await mark(row);
    if (!done) co_return;
    row.status = ActionStatus::done;
    log::info("a secret is locked anew",
              {{"account", row.account.str()}, {"user", row.user.str()}, {"detail", row.detail}});
  }

 private:
  /// Before the date of its last change moves: until it is settled, that is what shows that nobody else has changed it.
  Task<bool> settle(ActionOutcome& row) {
    const auto tagged =
        co_await tag_with_proof(access_, looked_.arn, looked_.owner, Proof::settled, {}, run_.clock.now(), soon());
    if (!tagged) fail_row(row, RunReason::not_recorded, tagged.error());
    co_return tagged.has_value();
  }

  Task<bool> put(ActionOutcome& row) {
    if (!looked_.relocking.policy) co_return true;
    const auto put =
        co_await access_.secrets_writer().put_resource_policy(looked_.handle, *looked_.relocking.policy, soon());
    if (put) co_return true;
    // AWS's words: "… with an explicit deny in a resource-based policy". Else it is a right of the run's own that
    // lacks.
    const auto& error = put.error();
    const bool by_policy =
        error.kind == ErrorKind::access_denied && error.message.find("resource-based policy") != std::string::npos;
    fail_row(row, by_policy ? OutcomeReason(RunReason::shut_out) : error.kind, error);
    co_return false;
  }

  Task<bool> mark(ActionOutcome& row) {
    if (!looked_.relocking.mark) co_return true;
    const auto tagged = co_await access_.secrets_writer().tag_secret(
        looked_.handle, {{std::string(lock_tag), *looked_.relocking.mark}}, soon());
    if (tagged) co_return true;
    fail_row(row, RunReason::not_recorded, tagged.error());
    co_return false;
  }

  static void fail_row(ActionOutcome& row, OutcomeReason reason, const Error& error) {
    row.status = ActionStatus::failed;
    row.reason = reason;
    row.detail += ": " + describe(error);
  }

  aws::SignBefore soon() const { return aws::SignBefore::at(run_.clock.now() + signed_within); }

  WriteAccess& access_;
  const RunContext& run_;
  const SeenSecret& looked_;
};

/// What was seen, and its row; without one where there is nothing to do.
struct ExaminedSecret {
  SeenSecret looked;
  UserOutcome outcome;
};

/// `found`: the secret; of one that is not there, or whose user is gone, nothing is told.
Task<ExaminedSecret> examine_secret(ReadAccess& access, const RunContext& run, const Wanted& wanted,
                                    Result<std::optional<aws::SecretDescription>> found) {
  ExaminedSecret examined;
  const auto tell = [&](ActionStatus status, OutcomeReason reason, std::string detail) {
    examined.outcome.actions.push_back(relock_row(wanted.owner, status, reason, std::move(detail)));
  };
  if (!found && found.error().kind == ErrorKind::conflict) {
    tell(ActionStatus::held, policy::Reason::not_ours, found.error().message);
  } else if (!found) {
    tell(ActionStatus::failed, RunReason::unreadable, describe(found.error()));
  }
  if (!found || !*found) co_return examined;
  auto looked = co_await look_at_secret(access, run, wanted, **found);
  if (!looked) {
    if (looked.error().kind != ErrorKind::not_found)
      tell(ActionStatus::failed, RunReason::unreadable, describe(looked.error()));
    co_return examined;
  }
  examined.looked = *std::move(looked);
  const auto& relocking = examined.looked.relocking;
  if (relocking.what != Relocking::What::nothing) {
    tell(planned_status(relocking.what), relocking.reason, relocking.detail);
  }
  co_return examined;
}

Task<ExaminedSecret> examine_user(ReadAccess& access, const RunContext& run, UserContext user) {
  const auto wanted = wanted_for(access, run.settings, user.subject);
  auto found = co_await find_secret(access, run.settings, std::move(user));
  Result<std::optional<aws::SecretDescription>> secret;
  if (found) {
    secret = std::move(found->secret);
  } else {
    secret = fail(found.error());
  }
  co_return co_await examine_secret(access, run, wanted, std::move(secret));
}

Task<ExaminedSecret> examine_left(ReadAccess& access, const RunContext& run, AccountId account, NamedSecret left) {
  const auto wanted = wanted_for_gone(access, run.settings, std::move(account), left);
  auto described = co_await access.secrets().describe_secret(SecretName(left.secret.arn.str()));
  Result<std::optional<aws::SecretDescription>> secret;
  if (described) {
    secret = std::move(*described);
  } else if (described.error().kind != ErrorKind::not_found) {
    secret = fail(described.error());
  }
  co_return co_await examine_secret(access, run, wanted, std::move(secret));
}

Task<UserOutcome> write(WriteAccess& access, const RunContext& run, ExaminedSecret examined) {
  if (examined.looked.relocking.what == Relocking::What::due) {
    Writing writing(access, run, examined.looked);
    co_await writing.write(examined.outcome.actions.front());
  }
  co_return std::move(examined.outcome);
}

}  // namespace

std::optional<std::string> no_policies(const StoreSettings& store) {
  const bool grants = store.grant == Grant::secret_policy || store.grant == Grant::both;
  if (store.lock != LockMode::none || grants) return std::nullopt;
  // A policy can be put and not taken away, as no role of rekeyer may.
  return "with this [store] lock and grant rekeyer writes no policies of secrets: an administrator takes older ones "
         "off by `aws secretsmanager delete-resource-policy`";
}

bool has_locks(const ReadAccess& access, const Settings& settings, const AccountId& account) {
  const auto& store = settings.store;
  if (store.lock_chosen || store.location == StoreLocation::central) return true;
  return is_known(access.store_principal(), wanted_for_account(access, settings, account));
}

std::optional<std::string> relock_refused(const ReadAccess& access, const Settings& settings,
                                          const AccountId& account) {
  if (settings.store.lock == LockMode::none || !has_locks(access, settings, account)) return std::nullopt;
  const auto wanted = wanted_for_account(access, settings, account);
  const auto writer = access.store_principal();
  if (!is_known(writer, wanted)) {
    return fmt::format(
        "whoever changes secrets in this run, {}, is neither the member role nor named under [store] "
        "writers, break_glass or former_writers: no lock is written",
        writer.arn.empty() ? std::string_view("the root user or an unknown principal") : writer.arn.str());
  }
  if (!wanted.writers.empty()) return std::nullopt;
  return "whoever [store] writers and break_glass name, and the member role, stand under former_writers, too: nobody "
         "could change a secret that was locked so";
}

Task<UserOutcome> plan_relock(ReadAccess& access, const RunContext& run, UserContext user) {
  auto examined = co_await examine_user(access, run, std::move(user));
  co_return std::move(examined.outcome);
}

Task<UserOutcome> apply_relock(WriteAccess& access, const RunContext& run, UserContext user) {
  auto examined = co_await examine_user(access, run, std::move(user));
  co_return co_await write(access, run, std::move(examined));
}

Task<UserOutcome> plan_relock_of_gone(ReadAccess& access, const RunContext& run, AccountId account, NamedSecret left) {
  auto examined = co_await examine_left(access, run, std::move(account), std::move(left));
  co_return std::move(examined.outcome);
}

Task<UserOutcome> apply_relock_of_gone(WriteAccess& access, const RunContext& run, AccountId account,
                                       NamedSecret left) {
  auto examined = co_await examine_left(access, run, std::move(account), std::move(left));
  co_return co_await write(access, run, std::move(examined));
}

}  // namespace rekeyer::rotation
