// Whoever runs rekeyer: names deputies under [store] writers and names them no more, has all locks written anew, and
// the judgement on that. Whom the configuration does not name may write nowhere where relocking said that it is done.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "sandbox/sandbox.hpp"
#include "simulation/checker.hpp"
#include "simulation/runner.hpp"
#include "simulation/scenario.hpp"

namespace rekeyer::simulation {

class Relocker {
 public:
  /// `scenario`: its [store] changes as time goes by, for runs that begin after it.
  Relocker(sandbox::Sandbox& sandbox, Scenario& scenario, Checker& checker, const Clock& clock, std::uint64_t seed)
      : sandbox_(sandbox), scenario_(scenario), checker_(checker), clock_(clock), random_(seed) {}

  /// A quarter of a day goes by: the configuration may change, and deputies who are named no more may try something.
  void live();
  /// Are there locks of an older configuration, and does somebody do something about it now?
  bool wants_to();
  /// Is another run to be at work meanwhile?
  bool beside_another() { return random_.chance(0.7); }
  /// Is somebody's key being issued, as his secret says?
  bool somebody_is_at_work() const;

  void run_begins(const Runner& runner);
  void run_ends(const Runner& runner);
  /// One of rekeyer's calls has just been answered.
  void after_call(const sandbox::LoggedCall& call);
  /// The last of all runs that relock: once one before it has done all that could be done, there is nothing to do.
  void judge_repeated(const Runner& runner);

  /// How many policies were written by it.
  std::uint64_t relocked() const { return relocked_; }

 private:
  struct Run {
    int configuration = 0;
    bool relocks = false;
    Instant began{};
    std::map<AccountId, std::set<std::pair<std::string, UserName>>> users;  ///< as it began: ids and names
    std::map<Arn, bool> at_work;  ///< secrets that it looked at: was another run at work with the user?
  };

  void reconfigure();
  void try_something();
  Run* run_of(const sandbox::LoggedCall& call);
  const sandbox::StoredSecret* secret_of(const sandbox::LoggedCall& call) const;
  void judge_write(const Run& run, const sandbox::LoggedCall& call, const sandbox::StoredSecret& secret);
  void judge_account(const Run& run, const rotation::AccountOutcome& outcome);
  bool names_deputies(const sandbox::StoredSecret& secret) const;
  /// Has somebody hostile changed it since?
  bool touched_since(const Arn& arn, Instant instant) const;

  sandbox::Sandbox& sandbox_;
  Scenario& scenario_;
  Checker& checker_;
  const Clock& clock_;
  Random random_;
  int configuration_ = 0;  ///< counted up at each change
  bool deputies_named_ = false;
  bool pending_ = false;  ///< the locks are those of an older configuration
  std::map<std::string, Run> runs_;
  /// When a run with another configuration than that of now last wrote the policy: it had begun before the change.
  std::map<Arn, Instant> written_by_others_;
  std::map<Arn, Instant> done_;  ///< secrets of which relocking said that all is as it should be, and since when
  std::uint64_t relocked_ = 0;
};

}  // namespace rekeyer::simulation
