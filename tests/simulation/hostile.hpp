// Somebody in a member account who may do anything with its secrets and nothing with IAM: what he makes, tags, puts and
// tries to read, between runs and in the middle of them, through the same door as everybody.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "sandbox/sandbox.hpp"
#include "simulation/checker.hpp"
#include "simulation/forgery.hpp"
#include "simulation/scenario.hpp"

namespace rekeyer::simulation {

class Hostile {
 public:
  /// He also writes a proof on a secret of his, where proofs are signed; with `forges_records` also where they are not,
  /// and where nobody can tell it from rekeyer's own.
  Hostile(sandbox::Sandbox& sandbox, const Scenario& scenario, Checker& checker, const Clock& clock, std::uint64_t seed,
          bool forges_records)
      : sandbox_(sandbox),
        scenario_(scenario),
        checker_(checker),
        clock_(clock),
        random_(seed),
        forges_records_(forges_records) {}

  /// A quarter of a day goes by.
  void live();
  /// One of rekeyer's calls has just been answered.
  void after_call(const sandbox::LoggedCall& call);
  /// From now on he does nothing any more.
  void rest() { at_rest_ = true; }

  std::uint64_t acts() const { return acts_; }
  std::uint64_t refused() const { return refused_; }

 private:
  void act(const SecretsMember& member, const std::string& secret, const sandbox::User& user);
  void store_first(const SecretsMember& member, const sandbox::User& user);
  void stand_there_first(const SecretsMember& member, const Target& target, const std::string& secret);
  void change(const SecretsMember& member, const Target& target, const std::string& secret);
  void move_labels(const SecretsMember& member, const std::string& secret);
  void read(const SecretsMember& member, const std::string& secret);
  void ask(const SecretsMember& member, std::string_view operation, boost::json::object input);
  bool forges_proof() { return forges_records_ && random_.chance(0.5); }

  sandbox::Sandbox& sandbox_;
  const Scenario& scenario_;
  Checker& checker_;
  const Clock& clock_;
  Random random_;
  bool forges_records_;
  bool at_rest_ = false;
  bool acting_ = false;  ///< his own calls are heard of, too
  std::uint64_t acts_ = 0;
  std::uint64_t refused_ = 0;
};

}  // namespace rekeyer::simulation
