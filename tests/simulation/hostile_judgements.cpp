// The checker's judgement on what somebody hostile could do, and on what rekeyer made of it.
#include <fmt/format.h>

#include <algorithm>

#include "policy/change_order.hpp"
#include "rotation/naming.hpp"
#include "rotation/proofs.hpp"
#include "rotation/secrets_of_account.hpp"
#include "simulation/checker.hpp"

namespace rekeyer::simulation {
namespace {

using std::chrono::days;
using std::chrono::hours;

}  // namespace

/// The secrets that may be the user's: by the id on them, and by their name, in whatever case, where no id is on them.
std::vector<sandbox::StoredSecret*> Checker::secrets_of(const AccountId& account, const UserName& user) {
  const auto& store = scenario_.settings.store;
  const auto holder = store.location == rotation::StoreLocation::central ? sandbox_.world.tooling : account;
  auto& id = user_ids_[{account, user}];
  if (const auto* there = sandbox_.world.find_user(account, user)) id = there->id;
  std::vector<sandbox::StoredSecret*> found;
  auto* home = sandbox_.world.find_account(holder);
  const auto vault = home == nullptr ? std::map<Region, sandbox::Vault>::iterator() : home->vaults.find(store.region);
  if (home == nullptr || vault == home->vaults.end()) return found;
  const auto with_id = rotation::secret_name(store.name_template, account, UserName(user.str() + "=id=" + id)).str();
  const auto exact = rotation::secret_name(store.name_template, account, user).str();
  const auto name = sandbox::folded(rotation::secret_name(store.name_template, account, user).str());
  for (auto& [secret_name, secret] : vault->second.secrets) {
    if (secret.deletion && *secret.deletion <= clock_.now()) continue;  // gone, and not swept up yet
    const auto tag = secret.tags.find(std::string(rotation::id_tag));
    const bool marked = tag != secret.tags.end() && !tag->second.empty();
    const bool named = sandbox::folded(secret_name) == name || secret_name == with_id;
    if (marked ? tag->second == id : named) found.push_back(&secret);
  }
  // As rekeyer chooses: what is proved; the id before the name, the name as IAM writes it before
  // other letters, the oldest first.
  const auto rank = [&](const sandbox::StoredSecret* secret) {
    const bool marked = secret->tags.contains(std::string(rotation::id_tag));
    const auto* life = secret_lives_.find(secret->arn);
    const bool proved = life != nullptr && life->ours && secret->tags.contains(std::string(rotation::proof_tag));
    if (marked) return proved ? 0 : 1;
    return secret->name == exact ? 2 : 3;
  };
  std::ranges::sort(found, {}, [&](const auto* secret) { return std::pair(rank(secret), secret->created); });
  if (!found.empty()) {
    const int best = rank(found.front());
    std::erase_if(found, [&](const auto* secret) { return rank(secret) != best; });
  }
  return found;
}

/// Where nobody hostile is about, whatever stands there is rekeyer's.
bool Checker::is_ours(const sandbox::StoredSecret& secret) const {
  const auto* life = secret_lives_.find(secret.arn);
  return scenario_.hostile.empty() || (life != nullptr && life->ours);
}

void Checker::hostile_did(const HostileDeed& deed) {
  if (!deed.performed) return;
  const auto* life = secret_lives_.find(deed.arn);
  if (deed.operation == "GetSecretValue") {
    judge_reading(deed, life);
    return;
  }
  const auto now = clock_.now();
  if (deed.operation == "DeleteSecret") squat_deleted_ = now;
  disturb_runs();
  if (life != nullptr && life->ours) mailbox_.everybody_disturbed();  // what owners were told stands on it
  if (life != nullptr && secret_lives_.locked_for_all(*life, now)) {
    broken("lock", fmt::format("{} of {} by somebody hostile, although it is locked", deed.operation, deed.secret));
  }
  // Told: the lock of a new secret takes its time, and until then he may do anything with it.
  if (life != nullptr && life->ours && life->locked) undone_.insert(deed.arn);
  secret_lives_.note(deed, now);
}

void Checker::judge_reading(const HostileDeed& deed, const SecretLife* life) {
  if (scenario_.settings.store.lock != rotation::LockMode::all) return;  // teams may read theirs, then
  const bool has_one = std::ranges::any_of(history_.keys(), [&](const auto& entry) {
    return entry.second.ours && !entry.second.gone && deed.reply.find(entry.second.secret) != std::string::npos;
  });
  if (!has_one) return;
  const bool spreading =
      life != nullptr && life->ours && life->locked && !secret_lives_.locked_for_all(*life, clock_.now());
  if (spreading || undone_.contains(deed.arn)) {
    ++read_while_spreading_;
    return;
  }
  broken("read", fmt::format("somebody hostile read the value of {}", deed.secret));
}

/// Did somebody hostile undo what rekeyer relies on, while the lock of the user's new secret was not enforced yet?
bool Checker::undone(const AccountId& account, const UserName& user) {
  if (undone_.empty()) return false;
  auto& id = user_ids_[{account, user}];
  if (const auto* there = sandbox_.world.find_user(account, user)) id = there->id;
  std::set<UserName> names = former_names_[id];
  names.insert(user);
  const auto stands_at = [&](const Arn& arn, const UserName& carried) {
    const auto name = rotation::secret_name(scenario_.settings.store.name_template, account, carried).str();
    return arn.str().find(":" + name + "-") != std::string::npos;
  };
  return std::ranges::any_of(undone_, [&](const Arn& arn) {
    return std::ranges::any_of(names, [&](const UserName& name) {
      return stands_at(arn, name) || stands_at(arn, UserName(name.str() + "=id=" + id));
    });
  });
}

/// The user's secret is somebody else's, for all to see, and has been for long: with a value on it, it can't be taken
/// over.
bool Checker::is_squatted(const AccountId& account, const UserName& user) {
  if (scenario_.hostile.empty()) return false;
  const auto secrets = secrets_of(account, user);
  if (secrets.empty()) return false;
  const auto* life = secret_lives_.find(secrets.front()->arn);
  if (life == nullptr || life->ours) return false;
  // One in other letters is his while nothing stands at his exact name: a run that saw something there looks no
  // further.
  const auto exact = rotation::secret_name(scenario_.settings.store.name_template, account, user).str();
  const bool marked = secrets.front()->tags.contains(std::string(rotation::id_tag));
  if (!marked && secrets.front()->name != exact) return false;
  const bool for_long = life->touched && clock_.now() - *life->touched > seen_by_all;
  return for_long && !secrets.front()->versions.empty();
}

void Checker::judge_touch(const KeyLife& life, const AccessKeyId& id) {
  if (!is_squatted(life.account, life.user) || undone(life.account, life.user)) return;
  // Of several the run may have looked at the one that was deleted a moment ago: then nothing stood there.
  if (squat_deleted_ && clock_.now() - *squat_deleted_ < seen_by_all) return;
  broken("trust", fmt::format("user {}/{}, key {}: touched, although the secret {} is somebody else's", life.account,
                              life.user, id, secrets_of(life.account, life.user).front()->name));
}

/// One key, past its day and in use: it is surely due.
bool Checker::surely_due(const sandbox::User& user) {
  if (user.keys.size() != 1 || !user.keys.front().active) return false;
  const auto now = clock_.now();
  const auto* life = history_.find(user.keys.front().id);
  const bool used = life != nullptr && now - life->last_used < days{2} && now - life->last_used > hours{4};
  return used && now - life->created > rules_.rotation_period.value + days{1};
}

/// Whose name is squatted gets nothing, and that is said in each run in which something would be due.
void Checker::check_squats_said(const rotation::RunReport& report, const ActiveRun& run) {
  if (scenario_.hostile.empty() || report.interrupted) return;
  for (const auto& account : report.accounts) {
    if (account.status != rotation::AccountStatus::done) continue;
    const auto* home = sandbox_.world.find_account(account.id);
    for (const auto& [folded, user] : home->iam.users) {
      if (exempt_since_.contains({account.id, user.name})) continue;
      const auto then = run.users.find(account.id);
      if (then == run.users.end() || !then->second.contains({user.id, user.name})) continue;  // new
      if (renamed_since(user.id, run.started)) continue;
      if (!is_squatted(account.id, user.name) || undone(account.id, user.name)) continue;
      bool said = false;
      for (const auto& action : account.actions) {
        if (action.user != user.name) continue;
        const bool waits = rotation::waits_for_limit(action.reason);
        const bool all_exempt = action.reason == policy::Reason::exemption_unreadable;
        said = said || waits || all_exempt || action.status == rotation::ActionStatus::failed;
        const bool changes =
            action.status == rotation::ActionStatus::done || action.status == rotation::ActionStatus::planned;
        const bool was_gone =
            action.reason == rotation::RunReason::user_gone && action.status == rotation::ActionStatus::done;
        if (changes && !was_gone && policy::is_change(action.action)) {
          broken("trust", fmt::format("user {}/{}: squatted, and {}", account.id, user.name, name(action.reason)));
        }
      }
      if (!said && surely_due(user)) {
        broken("trust", fmt::format("user {}/{}: squatted, and not a word of it", account.id, user.name));
      }
    }
  }
}

/// Held for a reason that is true: somebody hostile did touch it.
bool Checker::truly_not_ours(const AccountId& account, const UserName& user) {
  const auto touched = [&](const sandbox::StoredSecret* secret) {
    const auto* life = secret == nullptr ? nullptr : secret_lives_.find(secret->arn);
    return life != nullptr && life->touched;
  };
  // Also one that only stands where his is to be made, with another user's id on it.
  const auto& store = scenario_.settings.store;
  const auto* there = sandbox_.world.find_user(account, user);
  const UserName with_id(user.str() + "=id=" + (there == nullptr ? std::string() : there->id));
  const auto place = rotation::secret_name(store.name_template, account, with_id).str();
  return undone(account, user) || touched(sandbox_.world.find_secret(account, store.region, place)) ||
         std::ranges::any_of(secrets_of(account, user), touched);
}

}  // namespace rekeyer::simulation
