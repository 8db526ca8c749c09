#include "simulation/relocker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "policy/custody.hpp"
#include "policy/intent.hpp"
#include "rotation/proofs.hpp"
#include "rotation/secrets_of_account.hpp"
#include "simulation/member_request.hpp"

namespace rekeyer::simulation {
namespace {

namespace json = boost::json;

bool is_live(const sandbox::StoredSecret& secret, Instant now) {
  const auto tag = secret.tags.find(std::string(policy::intent_tag));
  if (tag == secret.tags.end()) return false;
  const auto intent = policy::parse_intent(tag->second);
  return intent && *intent && (*intent)->lease_end > now;
}

std::string tag_of(const sandbox::StoredSecret& secret, std::string_view key) {
  const auto tag = secret.tags.find(std::string(key));
  return tag == secret.tags.end() ? std::string() : tag->second;
}

bool writes_to_secret(const sandbox::LoggedCall& call) {
  return call.operation == "PutResourcePolicy" || call.operation == "TagResource";
}

}  // namespace

void Relocker::live() {
  if (scenario_.deputies.empty()) return;
  if (random_.chance(scenario_.reconfigurations_a_day / quarters_of_a_day)) reconfigure();
  try_something();
}

bool Relocker::wants_to() { return pending_ && random_.chance(0.5); }

bool Relocker::somebody_is_at_work() const {
  return std::ranges::any_of(scenario_.deputies, [&](const SecretsMember& member) {
    const auto& vaults = sandbox_.world.find_account(member.account)->vaults;
    const auto vault = vaults.find(scenario_.settings.store.region);
    return vault != vaults.end() && std::ranges::any_of(vault->second.secrets, [&](const auto& entry) {
             return is_live(entry.second, clock_.now());
           });
  });
}

void Relocker::reconfigure() {
  const std::vector<std::string> deputies{"arn:aws:iam::{account}:role/" + std::string(deputies_role)};
  auto& store = scenario_.settings.store;
  deputies_named_ = !deputies_named_;
  store.writers = deputies_named_ ? deputies : std::vector<std::string>();
  store.former_writers = deputies_named_ ? std::vector<std::string>() : deputies;
  ++configuration_;
  pending_ = true;
  done_.clear();
  written_by_others_.clear();
}

void Relocker::run_begins(const Runner& runner) {
  if (scenario_.deputies.empty()) return;
  Run run;
  run.configuration = configuration_;
  run.relocks = runner.plan().relock;
  run.began = clock_.now();
  for (const auto& [id, account] : sandbox_.world.accounts) {
    for (const auto& [folded, user] : account.iam.users) run.users[id].insert({user.id, user.name});
  }
  runs_[runner.id().str()] = std::move(run);
}

Relocker::Run* Relocker::run_of(const sandbox::LoggedCall& call) {
  const auto at = call.principal.rfind("/rekeyer-");
  const auto found = at == std::string::npos ? runs_.end() : runs_.find(call.principal.substr(at + 9));
  return found == runs_.end() ? nullptr : &found->second;
}

const sandbox::StoredSecret* Relocker::secret_of(const sandbox::LoggedCall& call) const {
  const auto* asked = call.input.if_contains("SecretId");
  if (call.service != "secretsmanager" || asked == nullptr || !asked->is_string()) return nullptr;
  return sandbox_.world.find_secret(call.account, scenario_.settings.store.region,
                                    std::string_view(asked->get_string()));
}

void Relocker::after_call(const sandbox::LoggedCall& call) {
  if (scenario_.deputies.empty() || !is_rekeyer(call.principal)) return;
  const auto* secret = secret_of(call);
  if (secret == nullptr) return;
  auto* run = run_of(call);
  if (run != nullptr && run->relocks && call.operation == "DescribeSecret" && call.status == 200) {
    run->at_work[secret->arn] = is_live(*secret, call.at);
  }
  if (!writes_to_secret(call) || secret->changed != call.at) return;
  if (run != nullptr && run->relocks) judge_write(*run, call, *secret);
  if (call.operation != "PutResourcePolicy") return;
  if (run == nullptr || run->configuration != configuration_) {
    written_by_others_[secret->arn] = call.at;
    done_.erase(secret->arn);
  } else if (run->relocks) {
    ++relocked_;
  }
}

void Relocker::judge_write(const Run& run, const sandbox::LoggedCall& call, const sandbox::StoredSecret& secret) {
  const auto seen = run.at_work.find(secret.arn);
  if (seen != run.at_work.end() && seen->second) {
    checker_.found("relock",
                   fmt::format("{} of {}, although a run was at work with its user", call.operation, secret.name));
  }
  const auto* life = checker_.life_of(secret.arn);
  if (life != nullptr && !life->ours) {
    checker_.found("relock", fmt::format("{} of {}, which is not rekeyer's", call.operation, secret.name));
  }
}

bool Relocker::names_deputies(const sandbox::StoredSecret& secret) const {
  return secret.policy.value_or("").find(":role/" + std::string(deputies_role)) != std::string::npos;
}

bool Relocker::touched_since(const Arn& arn, Instant instant) const {
  const auto* life = checker_.life_of(arn);
  return life != nullptr && life->touched && *life->touched >= instant;
}

void Relocker::run_ends(const Runner& runner) {
  const auto found = runs_.find(runner.id().str());
  if (found == runs_.end() || !found->second.relocks || !runner.report()) return;
  const auto& run = found->second;
  const auto& report = *runner.report();
  if (run.configuration != configuration_ || runner.plan().mode != rotation::Mode::apply) return;
  bool all_done = report.incomplete.empty();
  for (const auto& account : report.accounts) {
    if (account.status == rotation::AccountStatus::done) judge_account(run, account);
    all_done = all_done && account.status != rotation::AccountStatus::failed &&
               account.status != rotation::AccountStatus::denied &&
               std::ranges::all_of(account.actions, [](const rotation::ActionOutcome& action) {
                 return action.status == rotation::ActionStatus::done || action.reason == policy::Reason::not_ours;
               });
  }
  if (all_done) pending_ = false;
}

/// What it did not hold and did not fail at is as the configuration wants it.
void Relocker::judge_account(const Run& run, const rotation::AccountOutcome& outcome) {
  const auto then = run.users.find(outcome.id);
  const auto* home = sandbox_.world.find_account(outcome.id);
  const auto vault = home->vaults.find(scenario_.settings.store.region);
  const auto member = std::ranges::find(scenario_.deputies, outcome.id, &SecretsMember::account);
  if (then == run.users.end() || vault == home->vaults.end() || member == scenario_.deputies.end()) return;
  for (const auto& [folded, user] : home->iam.users) {
    if (!then->second.contains({user.id, user.name})) continue;  // new
    if (checker_.renamed_since(user.id, run.began)) continue;
    const bool left = std::ranges::any_of(outcome.actions, [&](const rotation::ActionOutcome& action) {
      return action.user == user.name && action.status != rotation::ActionStatus::done;
    });
    const auto secrets = checker_.secrets_of(outcome.id, user.name);
    // Where two carry one id, as after a rename within the minutes for which lists lag, rekeyer looks after one of
    // them.
    if (left || secrets.size() != 1) continue;
    for (auto* secret : secrets) {
      const auto* life = checker_.life_of(secret->arn);
      const bool proved = life != nullptr && life->ours && !tag_of(*secret, rotation::proof_tag).empty() &&
                          tag_of(*secret, rotation::id_tag) == user.id;
      const auto other = written_by_others_.find(secret->arn);
      const bool mixed = other != written_by_others_.end() && other->second >= run.began;
      const bool new_one = secret->created >= run.began;
      // ListSecrets may have shown its tags as they were before: without an id, say.
      const auto listed_since = run.began - sandbox_.behaviour.secrets_list_lag;
      const bool old_in_lists = secret->changed >= listed_since && secret->changed < run.began;
      if (!proved || secret->deletion || mixed || new_one || old_in_lists || touched_since(secret->arn, run.began))
        continue;
      if (names_deputies(*secret) != deputies_named_) {
        checker_.found("relock", fmt::format("{} lets deputies {}, and the configuration says otherwise", secret->name,
                                             deputies_named_ ? "do nothing" : "change it"));
      }
      done_[secret->arn] = clock_.now();
    }
  }
}

/// Whoever was named may not write any more.
void Relocker::try_something() {
  if (deputies_named_) return;
  const auto now = clock_.now();
  for (const auto& [arn, since] : std::map(done_)) {
    const bool spreads = now < since + sandbox_.behaviour.resource_policy_delay;
    if (!random_.chance(0.3) || spreads || touched_since(arn, since)) continue;
    for (const auto& deputy : scenario_.deputies) {
      const auto& region = scenario_.settings.store.region;
      const auto* secret = sandbox_.world.find_secret(deputy.account, region, arn.str());
      if (secret == nullptr || secret->deletion) continue;
      json::object input{{"SecretId", arn.str()}};
      std::string_view operation = "DeleteResourcePolicy";
      if (random_.chance(0.5)) {
        operation = "TagResource";
        input["Tags"] = json::array{json::object{{"Key", policy::custody_tag}, {"Value", "forged"}}};
      }
      const auto answer = sandbox_.answer(signed_by(deputy, region, operation, input, now), now);
      if (!answer.performed) continue;
      checker_.found("relock", fmt::format("{} of {} by somebody who is named no more", operation, secret->name));
    }
  }
}

void Relocker::judge_repeated(const Runner& runner) {
  if (!runner.report()) return;
  for (const auto& account : runner.report()->accounts) {
    for (const auto& action : account.actions) {
      if (action.status != rotation::ActionStatus::done) continue;
      checker_.found("relock", fmt::format("user {}/{}: relocked twice: {}", account.id, action.user, action.detail));
    }
  }
}

}  // namespace rekeyer::simulation
