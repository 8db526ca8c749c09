// What became of every secret of the simulated world: who made it, since when a lock of rekeyer's is on it, and who
// else has changed it.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/names.hpp"
#include "base/time.hpp"
#include "sandbox/sandbox.hpp"

namespace rekeyer::simulation {

/// One thing that somebody hostile asked for.
struct HostileDeed {
  AccountId account;
  std::string operation;
  std::string secret;  ///< its name
  Arn arn;             ///< of the secret as it was before; empty: there was none
  bool performed = false;
  std::string reply;
};

struct SecretLife {
  bool ours = false;  ///< made, or taken over, by rekeyer
  Instant made{};
  std::optional<Instant> locked;   ///< since when rekeyer's lock stands
  std::optional<Instant> touched;  ///< by somebody hostile, for the last time
};

class SecretLives {
 public:
  SecretLives(sandbox::Sandbox& sandbox, Region region) : sandbox_(sandbox), region_(std::move(region)) {}

  /// After each call of rekeyer's.
  void note(const sandbox::LoggedCall& call);
  /// After a deed that was performed and changed something.
  void note(const HostileDeed& deed, Instant now);
  /// Has the lock been put, and is it enforced everywhere?
  bool locked_for_all(const SecretLife& life, Instant now) const;
  /// Null: nobody hostile and no rekeyer has made it.
  const SecretLife* find(const Arn& arn) const;

 private:
  sandbox::Sandbox& sandbox_;
  Region region_;
  std::map<Arn, SecretLife> lives_;
};

}  // namespace rekeyer::simulation
