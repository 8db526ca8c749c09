#include "simulation/checker.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/stable_hash.hpp"
#include "policy/custody.hpp"
#include "policy/intent.hpp"
#include "policy/observe.hpp"
#include "rotation/issued_nothing.hpp"
#include "rotation/naming.hpp"

namespace rekeyer::simulation {
namespace {

constexpr Milliseconds moment = std::chrono::minutes{5};

std::string direct_run() { return "direct"; }

}  // namespace

Checker::Checker(sandbox::Sandbox& sandbox, const Scenario& scenario, const Clock& clock)
    : sandbox_(sandbox),
      scenario_(scenario),
      clock_(clock),
      history_(sandbox.world, clock.now()),
      secret_lives_(sandbox, scenario.settings.store.region) {
  policy::apply(scenario.settings.policy.organisation, rules_);
  for (const auto& [id, life] : history_.keys()) secrets_.insert(life.secret);
  for (const auto& person : scenario.people) {
    if (person.exempt) exempt_since_[{person.account, person.user}] = Instant::min();
  }
}

void Checker::broken(std::string invariant, std::string what) {
  if (violation_) return;  // the first one tells most
  violation_ = Violation{std::move(invariant), std::move(what), clock_.now(), steps_};
}

void Checker::mix(std::string_view text) { hash_ = stable_hash("\xff", stable_hash(text, hash_)); }

void Checker::run_begins(const Runner& runner) {
  ActiveRun run{runner.plan().mode, clock_.now(), {}, scenario_.settings.limits, {}};
  for (const auto& [id, account] : sandbox_.world.accounts) run.users[id] = users_of(id);
  if (running_.empty()) {  // what the caller's own key did belongs to the runs at work, which can't be told apart
    evidence_[direct_run()] = {};
  }
  if (applying() == 0) std::erase_if(lost_creations_, [](const auto& key) { return key.starts_with(direct_run()); });
  if (scenario_.late > 0) mailbox_.everybody_disturbed();
  if (!running_.empty()) {  // each may look at a user before the other has written down what it told
    mailbox_.beside_another(runner.id().str());
    for (const auto& [id, other] : running_) mailbox_.beside_another(id.str());
  }
  modes_[runner.id()] = run.mode;
  running_[runner.id()] = std::move(run);
}

void Checker::run_ends(const Runner& runner) {
  const auto found = running_.find(runner.id());
  if (found == running_.end()) return;
  if (runner.dead()) mailbox_.disturbed(runner.id().str());
  if (found->second.mode != rotation::Mode::plan) applied_until_ = clock_.now();
  if (runner.report()) {
    check_accounting(*runner.report(), found->second);
    check_refusals_noted(runner.id());
    if (!runner.plan().relock) {
      check_squats_said(*runner.report(), found->second);
      for (const auto& account : runner.report()->accounts) check_each_user_counted_once(account);
    }
    for (const auto& account : runner.report()->accounts) {
      check_leaks(account.reason, "report");
      for (const auto& action : account.actions) check_leaks(action.detail, "report");
    }
    mix(runner.report()->incomplete);
  }
  mix(runner.failure());
  check_leaks(runner.failure(), "error");
  check_leaks(pending_log_, "log");
  pending_log_.clear();
  for (const auto& [id, account] : sandbox_.world.accounts) {
    for (const auto& [region, vault] : account.vaults) {
      for (const auto& [name, secret] : vault.secrets) {
        for (const auto& [key, value] : secret.tags) check_leaks(value, "tag " + key);
      }
    }
  }
  running_.erase(found);
}

void Checker::after_call(const sandbox::LoggedCall& call) {
  ++steps_;
  mix(call.service);
  mix(call.operation);
  mix(call.account.str());
  mix(call.code);
  mix(call.fault);
  mix(fmt::format("{} {}", call.at.time_since_epoch().count(), call.status));
  if (violation_ || !is_rekeyer(call.principal)) return;
  secret_lives_.note(call);
  check_mails(call);
  const bool answered = call.fault.empty() || call.fault.starts_with("delay");
  if (call.operation == "GetAccessKeyLastUsed" && call.status == 200 && answered) {
    if (const auto* id = call.input.if_contains("AccessKeyId"); id != nullptr && id->is_string()) {
      evidence_[run_of(call)].read_at[AccessKeyId(std::string(id->get_string()))] = call.at;
    }
  }
  if (!call.changing) return;
  check_audit(call);
  check_limits(call);
  check_sent_once(call);
  note_refusal(call);
  if (call.service == "secretsmanager") note_stored();
  take_events(&call);
  check_published(call);
  check_stored_or_intended();
}

void Checker::set_exempt(const AccountId& account, const UserName& user, bool exempt) {
  if (exempt) {
    exempt_since_.emplace(std::pair{account, user}, clock_.now());
  } else {
    exempt_since_.erase({account, user});
  }
}

void Checker::renamed(const AccountId& account, const UserName& from, const UserName& to) {
  history_.renamed(account, from, to);
  disturb_runs();
  const auto& id = sandbox_.world.find_user(account, to)->id;
  renamed_at_[id] = clock_.now();
  // Nobody's: the list of users is another than it was, also if it will look alike.
  for (auto& [run_id, run] : running_) run.users[account].insert({"", to});
  auto& names = former_names_[id];
  names.insert(from);
  const auto rekey = [&](auto& map) {
    map.erase({account, to});  // of somebody who had that name before
    auto node = map.extract({account, from});
    if (node.empty()) return;
    node.key().second = to;
    map.insert(std::move(node));
  };
  rekey(exempt_since_);
  rekey(user_ids_);
}

bool Checker::renamed_since(std::string_view user_id, Instant since) const {
  const auto found = renamed_at_.find(user_id);
  return found != renamed_at_.end() && found->second >= since;
}

void Checker::removed(const AccountId& account, const UserName& user) { exempt_since_.erase({account, user}); }

/// What they said may not be written down.
void Checker::disturb_runs() {
  for (const auto& [id, run] : running_) mailbox_.disturbed(id.str());
}

void Checker::used(const AccessKeyId& id) {
  if (auto* life = history_.find(id); life != nullptr) life->last_used = clock_.now();
}

bool Checker::anybody_has(const AccessKeyId& id) {
  const auto* life = history_.find(id);
  return life == nullptr || !life->ours || life->stored_once;
}

void Checker::heard(std::string_view line) {
  pending_log_ += line;
  pending_log_ += '\n';
}

void Checker::check_leaks(std::string_view text, std::string_view where) {
  if (text.size() < 40) return;  // as long as a secret access key
  for (const auto& secret : secrets_) {
    if (text.find(secret) != std::string_view::npos) broken("I7", fmt::format("a secret is in the {}", where));
  }
}

std::string Checker::run_of(const sandbox::LoggedCall& call) const {
  const auto at = call.principal.rfind("/rekeyer-");
  const auto name = at == std::string::npos ? std::string() : call.principal.substr(at + 9);
  return modes_.contains(RunId(name)) ? name : direct_run();
}

/// The world's record of keys since the last look; `call` is null where people did it.
void Checker::take_events(const sandbox::LoggedCall* call) {
  const auto& events = sandbox_.world.key_events;
  for (; events_taken_ < events.size(); ++events_taken_) {
    const auto& event = events[events_taken_];
    auto& life = history_.of(event);
    const bool ours = call != nullptr && is_rekeyer(event.by);
    if (!ours) life.touched_by_people = true;
    if (!ours && event.what.ends_with("activated")) mailbox_.switched(event.key);
    mix(event.what);
    mix(event.key.str());
    if (event.what == "created") {
      secrets_.insert(event.secret);
      if (!ours) note_intent(life, event.key);
      if (ours) judge_creation(life, event.key);
    } else if (event.what == "deactivated") {
      if (!life.ours) note_intent(life, event.key);  // made a moment before the intent was written
      if (ours && life.active) judge_deactivation(life, event.key, *call);
      if (life.active) life.inactive_since = event.at;
      life.retired_at.push_back(event.at);
      life.active = false;
    } else if (event.what == "activated") {
      life.active = true;
      life.switched_on = event.at;
      if (ours) broken("I4", "rekeyer switched on " + event.key.str());
    } else if (event.what == "deleted") {
      if (ours) judge_deletion(life, event.key);
      life.deleted_by_us = ours;
      life.gone = true;
      life.gone_at = event.at;
    }
  }
}

/// May its owner's key be the one that a run which died has left?
void Checker::note_intent(KeyLife& life, const AccessKeyId& id) {
  policy::KeyFacts made;
  made.id = id;
  made.created = life.created;
  const auto intent = intent_of(life.account, life.user);
  if (!intent || !policy::may_be_issued_under(*intent, made)) return;
  life.under_intent = true;
  life.under_first_lease = life.under_first_lease || policy::made_under_first_lease(*intent, made);
}

/// The caller's own key does not say which run it serves.
bool Checker::may_come_from_an_ended_run(const sandbox::LoggedCall& call) const {
  return scenario_.late > 0 && applied_until_ && call.at <= *applied_until_ + longest_delay + moment;
}

std::size_t Checker::applying() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(running_, [](const auto& run) { return run.second.mode != rotation::Mode::plan; }));
}

/// Which run sent a changing call; nothing where it may have been several.
std::optional<std::string> Checker::only_sender(const sandbox::LoggedCall& call) const {
  const auto run = run_of(call);
  const bool known = run != direct_run() || (applying() == 1 && !may_come_from_an_ended_run(call));
  return known ? std::optional(run) : std::nullopt;
}

void Checker::check_audit(const sandbox::LoggedCall& call) {
  const auto named = modes_.find(RunId(run_of(call)));
  const bool audits = named != modes_.end() ? named->second == rotation::Mode::plan
                                            : !running_.empty() && applying() == 0 && !may_come_from_an_ended_run(call);
  if (audits) broken("I6", fmt::format("an audit called {}:{}", call.service, call.operation));
}

/// Nobody is told the same twice, unless something went wrong in the run that said it first.
void Checker::check_mails(const sandbox::LoggedCall& call) {
  static constexpr std::string_view telling[] = {"SendEmail",         "TagResource", "CreateSecret",
                                                 "RestoreSecret",     "AssumeRole",  "PutResourcePolicy",
                                                 "GetResourcePolicy", "Sign"};
  // What lands when nobody runs was sent by a process that has died meanwhile.
  const auto sender = running_.empty() ? std::string("dead") : running_.begin()->first.str();
  if (running_.empty()) mailbox_.disturbed(sender);
  const bool counts = std::ranges::find(telling, call.operation) != std::ranges::end(telling);
  if (counts && (call.status != 200 || !call.fault.empty())) mailbox_.disturbed(sender);
  // It notes what it has told after a look: that nothing is there is an answer, too.
  const bool refused = call.status != 200 && call.code != "ResourceNotFoundException";
  if (call.operation == "DescribeSecret" && (refused || !call.fault.empty())) mailbox_.disturbed(sender);
  if (call.operation != "SendEmail") return;
  if (const auto wrong = mailbox_.take(sandbox_.world, sender)) broken("told", *wrong);
}

/// After a lost reply a key may exist: CreateAccessKey is not sent again by the same run.
void Checker::check_sent_once(const sandbox::LoggedCall& call) {
  if (call.operation != "CreateAccessKey") return;
  const auto* user = call.input.if_contains("UserName");
  const auto run = only_sender(call);
  if (user == nullptr || !user->is_string() || !run) return;
  const auto key = fmt::format("{} {} {}", *run, call.account, std::string_view(user->get_string()));
  if (lost_creations_.contains(key)) broken("I5", "CreateAccessKey is sent again after its reply was lost: " + key);
  const bool understood = call.status != 0 && call.status < 500 && !call.fault.starts_with("garbage");
  if (!understood) lost_creations_.insert(key);
}

void Checker::note_refusal(const sandbox::LoggedCall& call) {
  const RunId run(run_of(call));
  if (call.operation == "TagResource" && (call.status != 200 || !call.fault.empty())) {
    tagging_failed_.insert(run);
    if (run == RunId(direct_run())) {  // whichever of them it was
      for (const auto& [id, other] : running_) tagging_failed_.insert(id);
    }
  }
  const bool refused = call.code == "LimitExceeded" || call.code == "AccessDenied";
  if (call.operation != "CreateAccessKey" || !refused || call.fault.find("deny") != std::string::npos) return;
  const auto* name = call.input.if_contains("UserName");
  if (name == nullptr || !name->is_string()) return;
  const auto* user = sandbox_.world.find_user(call.account, UserName(std::string(name->get_string())));
  if (user != nullptr) refused_[run].insert({call.account, user->id});
}

/// Whoever made a key of his own meanwhile would have it taken for the run's, else.
void Checker::check_refusals_noted(const RunId& run) {
  if (tagging_failed_.contains(run) || scenario_.late > 0) return;
  for (const auto& [account, id] : refused_[run]) {
    for (const auto& [folded, user] : sandbox_.world.find_account(account)->iam.users) {
      const auto intent = user.id == id ? intent_of(account, user.name) : std::nullopt;
      if (!intent || intent->run != run || !leaves_intent(account, user.name)) continue;
      // The tag has room for one: a run beside this one that was refused, too, has written over it.
      const auto noted_by_another = [&](const auto* secret) {
        const auto noted = rotation::read_issued_nothing(secret->tags);
        return noted && running_.contains(noted->run);
      };
      if (running_.size() > 1 && std::ranges::any_of(secrets_of(account, user.name), noted_by_another)) continue;
      broken("issued-nothing", fmt::format("user {}/{}: no key was issued, and nothing says so", account, user.name));
    }
  }
}

/// Under a label (or the given one) of a secret that can be read.
bool Checker::is_stored(const KeyLife& life, const AccessKeyId& id, std::string_view stage) {
  return std::ranges::any_of(secrets_of(life.account, life.user), [&](const auto* secret) {
    if (secret->deletion) return false;
    return std::ranges::any_of(secret->versions, [&](const auto& entry) {
      const auto& version = entry.second;
      const bool labelled = stage.empty() ? !version.stages.empty() : version.stages.contains(std::string(stage));
      return labelled && version.value.find(id.str()) != std::string::npos &&
             version.value.find(life.secret) != std::string::npos;
    });
  });
}

std::optional<policy::Intent> Checker::intent_of(const AccountId& account, const UserName& user) {
  for (const auto* secret : secrets_of(account, user)) {
    const auto tag = secret->tags.find(std::string(policy::intent_tag));
    const auto intent = tag == secret->tags.end() ? std::nullopt : std::optional(policy::parse_intent(tag->second));
    if (intent && *intent && **intent) return **intent;
  }
  return std::nullopt;
}

/// On a secret of rekeyer's: what others write on theirs covers no key.
bool Checker::has_intent(const AccountId& account, const UserName& user) {
  return std::ranges::any_of(secrets_of(account, user), [&](const auto* secret) {
    const auto tag = secret->tags.find(std::string(policy::intent_tag));
    return is_ours(*secret) && tag != secret->tags.end() && !tag->second.starts_with(policy::no_intent);
  });
}

/// An intent that notes that no key was issued under it covers nothing, and is written over when something is done.
bool Checker::leaves_intent(const AccountId& account, const UserName& user) {
  const auto intent = intent_of(account, user);
  const auto issued_nothing = [&](const auto* secret) {
    const auto noted = rotation::read_issued_nothing(secret->tags);
    return noted && intent && noted->run == intent->run;
  };
  return has_intent(account, user) && std::ranges::none_of(secrets_of(account, user), issued_nothing);
}

/// Its owner has it installed, and the key that takes over from it is there to be read, or its owner did away with
/// that.
bool Checker::has_stored_successor(const KeyLife& life) {
  return life.stored_once && std::ranges::any_of(history_.keys(), [&](const auto& entry) {
           const auto& [id, other] = entry;
           return other.ours && same_owner(other, life) && other.created > life.created &&
                  (other.touched_by_people || is_stored(other, id, "AWSCURRENT"));
         });
}

/// The user's secret in a few words, for failures.
std::string Checker::labels(const KeyLife& life) {
  const auto secrets = secrets_of(life.account, life.user);
  if (secrets.empty()) return "; there is no secret";
  std::string text;
  for (const auto* secret : secrets) {
    text += secret->deletion ? "; the secret is scheduled for deletion" : "; the secret holds";
    for (const auto& [id, version] : secret->versions) {
      text += fmt::format(" {}:[{}]", id.substr(0, 8), fmt::join(version.stages, ","));
    }
  }
  return text;
}

void Checker::note_stored() {
  for (const auto& [id, life] : history_.keys()) {
    if (!life.ours || life.gone) continue;
    if (!life.stored_once && is_stored(life, id)) history_.find(id)->stored_once = true;
    if (!life.on_record && is_on_record(life, id)) history_.find(id)->on_record = true;
  }
}

bool Checker::is_on_record(const KeyLife& life, const AccessKeyId& id) {
  return std::ranges::any_of(secrets_of(life.account, life.user), [&](const auto* secret) {
    return std::ranges::any_of(secret->tags, [&](const auto& tag) {
      return tag.first.starts_with(policy::custody_tag) && tag.second.find(id.str() + ":current:") != std::string::npos;
    });
  });
}

/// I1, after every change.
void Checker::check_stored_or_intended() {
  for (const auto& [id, life] : history_.keys()) {
    if (!life.ours || life.gone || !life.active || life.touched_by_people) continue;
    if (is_stored(life, id) || has_intent(life.account, life.user) || has_stored_successor(life)) continue;
    if (undone(life.account, life.user) || made_for_former(life)) continue;
    broken("I1", fmt::format("user {}/{}, key {} active, stored nowhere, covered by no intent{}", life.account,
                             life.user, id, labels(life)));
  }
}

/// Made for whoever had the user's name until a moment ago: IAM knows names alone. The run sees it by the next call and
/// takes the key back; where it dies before, nobody can tell, and nobody has the key.
bool Checker::made_for_former(const KeyLife& life) const {
  const auto* user = sandbox_.world.find_user(life.account, life.user);
  return user != nullptr && user->id == life.user_id && life.created - user->created < moment && !life.stored_once;
}

/// I1: what is published is the secret of a key that AWS issued, whatever anybody else has stored under its token.
void Checker::check_value_published(const sandbox::LoggedCall& call, const sandbox::StoredSecret& secret) {
  const auto* to = call.input.if_contains("MoveToVersionId");
  if (to == nullptr || !to->is_string()) return;
  const auto version = secret.versions.find(std::string(to->get_string()));
  if (version == secret.versions.end()) return;
  const bool issued = std::ranges::any_of(history_.keys(), [&](const auto& entry) {
    return entry.second.ours && version->second.value.find(entry.second.secret) != std::string::npos;
  });
  if (!issued) broken("I1", fmt::format("{}: published, and its value is no key's that rekeyer made", secret.name));
}

/// What is published must work: verified first.
void Checker::check_published(const sandbox::LoggedCall& call) {
  if (call.operation != "UpdateSecretVersionStage" || call.status != 200) return;
  const auto* asked = call.input.if_contains("SecretId");
  if (asked == nullptr || !asked->is_string()) return;
  auto* moved = sandbox_.world.find_secret(call.account, call.region, std::string_view(asked->get_string()));
  if (moved != nullptr) check_value_published(call, *moved);
  for (const auto& [id, life] : history_.keys()) {
    if (!life.ours || life.gone) continue;
    const auto his = secrets_of(life.account, life.user);
    if (std::ranges::find(his, moved) == his.end()) continue;
    if (!is_stored(life, id, "AWSCURRENT")) continue;
    const auto place = sandbox_.world.find_key(id);
    if (place.key == nullptr || life.touched_by_people) continue;
    const bool spread = place.key->usable_from <= clock_.now() &&
                        (place.key->refusals_left == 0 || clock_.now() - life.created > moment);
    if (place.key->active && !spread) {
      broken("I2", fmt::format("user {}/{}: {} is published and does not work yet", life.account, life.user, id));
    }
  }
}

/// Whoever is renamed while the run goes through the account may look as if they were gone.
std::set<std::pair<std::string, UserName>> Checker::users_of(const AccountId& account) const {
  std::set<std::pair<std::string, UserName>> users;
  for (const auto& [folded, user] : sandbox_.world.find_account(account)->iam.users) users.emplace(user.id, user.name);
  return users;
}

bool Checker::exempt_for_long(const AccountId& account, const UserName& user) const {
  const auto found = exempt_since_.find({account, user});
  return found != exempt_since_.end() &&
         (found->second == Instant::min() || clock_.now() - found->second > 12 * moment);
}

/// I8, at the end of a run.
void Checker::check_accounting(const rotation::RunReport& report, const ActiveRun& run) {
  std::map<AccountId, const rotation::AccountOutcome*> listed;
  for (const auto& account : report.accounts) {
    if (!listed.emplace(account.id, &account).second) broken("I8", fmt::format("account {} ends twice", account.id));
    if (account.status != rotation::AccountStatus::done && account.reason.empty()) {
      broken("I8", fmt::format("account {} ends without a reason", account.id));
    }
  }
  if (!report.incomplete.empty() || report.interrupted) return;
  for (const auto& id : sandbox_.world.organization.order) {
    const auto found = listed.find(id);
    if (found == listed.end()) {
      broken("I8", fmt::format("account {} is not accounted for", id));
      return;
    }
    if (found->second->status != rotation::AccountStatus::done) continue;
    const auto before = run.users.find(id);
    const auto now = users_of(id);
    if (before != run.users.end() && before->second == now && found->second->users != now.size()) {
      broken("I8",
             fmt::format("account {}: {} users are accounted for, {} exist", id, found->second->users, now.size()));
    }
  }
}

void Checker::locked_out(const Person& person) {
  const auto* life = history_.find(person.uses);
  if (life == nullptr || life->touched_by_people) return;
  if (!visible_use(person.uses, life->inactive_since)) return;  // AWS had not shown any use when it was retired
  if (has_other_working_key(*life, person.uses) || people_touched_others(*life, person.uses)) return;
  broken("I2", fmt::format("user {}/{}: {} does not work any more, and no other key is to be found", person.account,
                           person.user, person.uses));
}

}  // namespace rekeyer::simulation
