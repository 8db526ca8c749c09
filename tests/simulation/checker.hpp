// The invariants I1 to I8, checked against the sandbox's world as it is: after every call, after every run, and
// at the end, when everything must have settled.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "policy/decision.hpp"
#include "policy/intent.hpp"
#include "rotation/outcome.hpp"
#include "sandbox/sandbox.hpp"
#include "simulation/history.hpp"
#include "simulation/mailbox.hpp"
#include "simulation/runner.hpp"
#include "simulation/scenario.hpp"
#include "simulation/secret_lives.hpp"

namespace rekeyer::simulation {

struct Violation {
  std::string invariant;  ///< "I1"
  std::string what;
  Instant at{};
  std::uint64_t step = 0;
};

/// Lists are stale for so long, and a run looks at a user minutes before it acts.
inline constexpr Milliseconds seen_by_all = std::chrono::minutes{20};

class Checker {
 public:
  Checker(sandbox::Sandbox& sandbox, const Scenario& scenario, const Clock& clock);

  /// A run begins and ends; crashed ones end too.
  void run_begins(const Runner& runner);
  void run_ends(const Runner& runner);
  /// After each call, performed or not.
  void after_call(const sandbox::LoggedCall& call);
  /// After people did something behind rekeyer's back: their events are taken in without judgement.
  void people_acted() { take_events(nullptr); }
  /// Somebody's keys may not be touched from now on, or may again.
  void set_exempt(const AccountId& account, const UserName& user, bool exempt);
  /// The user is called `to` from now on; what people did before must have been taken in.
  void renamed(const AccountId& account, const UserName& from, const UserName& to);
  /// Did the user get another name since then, whatever name it is by now?
  bool renamed_since(std::string_view user_id, Instant since) const;
  /// The user is gone; whoever gets the name later is somebody else.
  void removed(const AccountId& account, const UserName& user);
  /// Looks for what keeps new keys from their owners, and notes since when: a quarter of a day goes by.
  void look_around();
  /// Somebody works with the key.
  void used(const AccessKeyId& id);
  /// Could anybody have the key's secret? Nobody has that of a key whose reply was lost.
  bool anybody_has(const AccessKeyId& id);
  /// Somebody hostile asked for something, and it was done or refused.
  void hostile_did(const HostileDeed& deed);
  /// The secrets that may be the user's.
  std::vector<sandbox::StoredSecret*> secrets_of(const AccountId& account, const UserName& user);
  /// What rekeyer wrote to its log.
  void heard(std::string_view line);
  /// A person whose key does not work any more and who finds no other one.
  void locked_out(const Person& person);
  /// The last apply run and the last plan of a world that had time to settle.
  void settled(const rotation::RunReport& last_apply, const rotation::RunReport& last_plan);

  /// Somebody else who judges found a promise broken.
  void found(std::string promise, std::string what) { broken(std::move(promise), std::move(what)); }
  /// What became of the secret so far; null: nobody has changed it.
  const SecretLife* life_of(const Arn& arn) const { return secret_lives_.find(arn); }
  const std::optional<Violation>& violation() const { return violation_; }
  std::uint64_t steps() const { return steps_; }
  /// What owners were told, in all.
  std::size_t notices() const { return mailbox_.size(); }
  /// How often a value was read by somebody hostile before the new lock on it was enforced: told, and not closed.
  std::uint64_t read_while_spreading() const { return read_while_spreading_; }
  /// Over every call: equal seeds must give equal hashes, in every build.
  std::uint64_t hash() const { return hash_; }

 private:
  struct Evidence {
    std::map<AccessKeyId, Instant> read_at;  ///< GetAccessKeyLastUsed answered
  };
  struct ActiveRun {
    rotation::Mode mode;
    Instant started;
    std::map<AccountId, std::set<std::pair<std::string, UserName>>> users;  ///< ids and names, as the run began
    rotation::LimitSettings limits;
    std::map<AccountId, std::set<std::string>> changed;  ///< ids of users whose keys it touched
  };

  void broken(std::string invariant, std::string what);
  void mix(std::string_view text);
  void take_events(const sandbox::LoggedCall* call);
  void disturb_runs();
  void note_intent(KeyLife& life, const AccessKeyId& id);
  void judge_creation(const KeyLife& life, const AccessKeyId& id);
  void judge_deactivation(const KeyLife& life, const AccessKeyId& id, const sandbox::LoggedCall& call);
  void judge_cut(const KeyLife& life, const AccessKeyId& id, Instant at, Instant used, Instant read);
  const KeyLife* published_successor(const KeyLife& life);
  bool for_long(const std::map<Arn, Instant>& since, const Arn& arn) const;
  bool is_disabled(const Arn& kms_key) const;
  void judge_readiness(const KeyLife& life, const AccessKeyId& id);
  void judge_handover(const KeyLife& life, const AccessKeyId& id);
  void judge_deletion(const KeyLife& life, const AccessKeyId& id);
  void check_told(const KeyLife& life, const AccessKeyId& id, policy::Step step);
  void check_mails(const sandbox::LoggedCall& call);
  void check_all_told();
  void check_audit(const sandbox::LoggedCall& call);
  bool may_come_from_an_ended_run(const sandbox::LoggedCall& call) const;
  std::size_t applying() const;
  std::optional<std::string> only_sender(const sandbox::LoggedCall& call) const;
  void check_sent_once(const sandbox::LoggedCall& call);
  void note_refusal(const sandbox::LoggedCall& call);
  void check_refusals_noted(const RunId& run);
  void check_stored_or_intended();
  void check_published(const sandbox::LoggedCall& call);
  void check_value_published(const sandbox::LoggedCall& call, const sandbox::StoredSecret& secret);
  void note_stored();
  void check_leaks(std::string_view text, std::string_view where);
  void check_accounting(const rotation::RunReport& report, const ActiveRun& run);
  void check_each_user_counted_once(const rotation::AccountOutcome& account);
  void check_limits(const sandbox::LoggedCall& call);

  bool is_ours(const sandbox::StoredSecret& secret) const;
  void judge_reading(const HostileDeed& deed, const SecretLife* life);
  void judge_touch(const KeyLife& life, const AccessKeyId& id);
  void check_squats_said(const rotation::RunReport& report, const ActiveRun& run);
  bool is_squatted(const AccountId& account, const UserName& user);
  bool surely_due(const sandbox::User& user);
  bool truly_not_ours(const AccountId& account, const UserName& user);
  bool undone(const AccountId& account, const UserName& user);
  bool is_stored(const KeyLife& life, const AccessKeyId& id, std::string_view stage = {});
  bool is_on_record(const KeyLife& life, const AccessKeyId& id);
  bool has_stored_successor(const KeyLife& life);
  std::string labels(const KeyLife& life);
  bool has_intent(const AccountId& account, const UserName& user);
  bool leaves_intent(const AccountId& account, const UserName& user);
  std::optional<policy::Intent> intent_of(const AccountId& account, const UserName& user);
  /// By its owner.
  std::optional<Instant> visible_use(const AccessKeyId& id, Instant at);
  bool exempt_for_long(const AccountId& account, const UserName& user) const;
  bool made_for_former(const KeyLife& life) const;
  bool has_owner(const KeyLife& life) const;
  bool people_touched_others(const KeyLife& life, const AccessKeyId& id) const;
  bool has_other_working_key(const KeyLife& life, const AccessKeyId& id);
  std::string run_of(const sandbox::LoggedCall& call) const;
  std::set<std::pair<std::string, UserName>> users_of(const AccountId& account) const;

  sandbox::Sandbox& sandbox_;
  const Scenario& scenario_;
  const Clock& clock_;
  policy::Rules rules_;
  History history_;
  Mailbox mailbox_;
  std::size_t events_taken_ = 0;
  std::map<std::string, Evidence> evidence_;  ///< by run id; "direct" for the caller's own key
  std::map<RunId, ActiveRun> running_;
  std::map<RunId, rotation::Mode> modes_;  ///< of all runs, also ended ones: a request may be late
  std::optional<Instant> applied_until_;   ///< the last end of a run that may change things
  std::set<std::string> lost_creations_;   ///< "run account user"
  /// Whom a run was refused a key for, in so many words: account, and the user's id.
  std::map<RunId, std::set<std::pair<AccountId, std::string>>> refused_;
  std::set<RunId> tagging_failed_;  ///< runs that could not write down all they wanted
  std::map<std::pair<AccountId, UserName>, Instant> exempt_since_;
  std::set<std::string> secrets_;
  SecretLives secret_lives_;
  std::map<std::pair<AccountId, UserName>, std::string> user_ids_;
  std::map<std::string, std::set<UserName>> former_names_;  ///< by the user's id
  std::map<std::string, Instant, std::less<>> renamed_at_;  ///< by the user's id: the last time
  std::set<Arn> undone_;  ///< secrets that somebody hostile changed before the lock on them was enforced
  std::optional<Instant> squat_deleted_;   ///< the last time that somebody hostile deleted a secret
  std::map<Arn, Instant> closed_since_;    ///< secrets that an administrator keeps everybody from reading
  std::map<Arn, Instant> behind_since_;    ///< secrets with copies that are not in sync
  std::map<Arn, Instant> disabled_since_;  ///< KMS keys
  std::uint64_t read_while_spreading_ = 0;
  std::string pending_log_;
  std::optional<Violation> violation_;
  std::uint64_t steps_ = 0;
  std::uint64_t hash_ = 1469598103934665603ULL;
};

}  // namespace rekeyer::simulation
