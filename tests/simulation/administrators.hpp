// What administrators of the accounts do, and what breaks under their hands: they switch keys off, exempt, remove and
// rename users, give a former name to somebody new, deny a secret's readers, and have copies and KMS keys that fail.
#pragma once

#include "base/clock.hpp"
#include "base/random.hpp"
#include "sandbox/sandbox.hpp"
#include "simulation/by_hand.hpp"
#include "simulation/checker.hpp"
#include "simulation/scenario.hpp"

namespace rekeyer::simulation {

class Administrators {
 public:
  Administrators(sandbox::Sandbox& sandbox, Scenario& scenario, Checker& checker, const Clock& clock,
                 std::uint64_t seed, bool trace)
      : sandbox_(sandbox), scenario_(scenario), checker_(checker), clock_(clock), random_(seed), trace_(trace) {}

  /// A quarter of a day goes by.
  void live();
  /// One of rekeyer's calls has just been answered: users are renamed, and make keys, in the middle of it.
  void after_call(const sandbox::LoggedCall& call);
  /// From now on nothing happens any more, and what they broke is mended.
  void behave();

 private:
  void administrate(std::size_t number);
  void rename(std::size_t number);
  void give_name(const Person& former, const UserName& name);
  void deny_reading(const Person& person);
  void let_read(const Person& person);
  void copies_fail();
  void use_of_keys_fails();
  /// The person's name may be somebody else's by now, or nobody's.
  bool there(const Person& person) const;
  Hand hand() const { return {sandbox_.world, clock_.now(), "administrator"}; }
  void note(const Person& person, std::string_view what) const;

  sandbox::Sandbox& sandbox_;
  Scenario& scenario_;
  Checker& checker_;
  const Clock& clock_;
  Random random_;
  bool trace_;
  bool at_rest_ = false;
  std::size_t names_given_ = 0;
};

}  // namespace rekeyer::simulation
