// What owners do with their keys while rekeyer works: use them, install new ones sooner or later, and things of their
// own that nobody expected.
#pragma once

#include "base/clock.hpp"
#include "base/random.hpp"
#include "sandbox/sandbox.hpp"
#include "simulation/by_hand.hpp"
#include "simulation/checker.hpp"
#include "simulation/scenario.hpp"

namespace rekeyer::simulation {

class People {
 public:
  People(sandbox::Sandbox& sandbox, Scenario& scenario, Checker& checker, const Clock& clock, std::uint64_t seed,
         bool trace)
      : sandbox_(sandbox), scenario_(scenario), checker_(checker), clock_(clock), random_(seed), trace_(trace) {}

  /// A quarter of a day goes by for everybody.
  void live();
  /// From now on everybody installs new keys promptly and does nothing strange.
  void behave();

 private:
  void use(Person& person);
  void install(Person& person);
  void mischief(Person& person);
  /// The key that the person's secret holds now, if it works.
  AccessKeyId published(const Person& person);
  bool works(const AccessKeyId& id);
  Hand hand() const { return {sandbox_.world, clock_.now(), "person"}; }
  void note(const Person& person, std::string_view what, const AccessKeyId& id) const;

  sandbox::Sandbox& sandbox_;
  Scenario& scenario_;
  Checker& checker_;
  const Clock& clock_;
  Random random_;
  bool trace_;
  bool well_behaved_ = false;
};

}  // namespace rekeyer::simulation
