// What one seed draws: an organisation, a configuration, AWS's mood, and how people and processes behave.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "notify/model/settings.hpp"
#include "rotation/settings.hpp"
#include "sandbox/faults/faults.hpp"
#include "sandbox/world/world_file.hpp"

namespace rekeyer::simulation {

/// When every play begins.
inline constexpr Instant first_instant = std::chrono::sys_days{std::chrono::year{2026} / 3 / 1};

/// People live by quarters of days.
inline constexpr double quarters_of_a_day = 4;

/// Somebody (or some program) who holds keys of one user.
struct Person {
  AccountId account;
  UserName user;   ///< as they are called now
  std::string id;  ///< AIDA…: whoever gets the name later is somebody else
  UserName former_name{};
  AccessKeyId uses;             ///< the key that is installed; empty: none
  double uses_a_day = 1;        ///< how often, on average; below one means days between
  double installs_a_day = 0.5;  ///< chance per day that a new key found in the secret is installed; 0: never
  double mischief_a_day = 0;    ///< chance per day of doing something of one's own with one's keys
  bool exempt = false;          ///< from the beginning: nothing of theirs may ever change
};

/// The owner's, where messages are on.
std::string mail_address_of(std::string_view user_id, const AccountId& account);

/// The statement by which an administrator keeps everybody from reading a secret.
inline constexpr std::string_view keep_out_sid = "KeepOut";

/// Of those whom [store] writers names at times.
inline constexpr std::string_view deputies_role = "deputies";

/// Somebody in an account whose own rights allow anything with its secrets, and nothing with IAM.
struct SecretsMember {
  AccountId account;
  Arn role;
  AccessKeyId key;
  std::string secret;
  std::string token;
};

struct Scenario {
  std::uint64_t seed = 0;
  sandbox::LoadedWorld world;
  rotation::Settings settings;
  notify::Settings messages;  ///< without channels: nobody is told
  std::vector<Person> people;
  int days = 40;  ///< of random faults; then it is fine until everything has settled
  double runs_a_day = 0.5;
  double second_runner = 0.2;        ///< chance that another run begins beside one
  double crash = 0.2;                ///< chance that a run dies somewhere
  double plan = 0.15;                ///< chance that a run is an audit
  double administrator_a_day = 0.1;  ///< chance that an administrator does something to somebody
  double renames_a_day = 0;          ///< of each user
  double denials_a_day = 0;          ///< chance that the secret of a user is closed to its readers, or opened again
  double copies_fail_a_day = 0;      ///< chance that copies to other Regions begin to fail, or work again
  double keys_disabled_a_day = 0;    ///< chance that the KMS key of the central store is disabled, or enabled again
  double administrators_haste =
      0;                       ///< chance that somebody is renamed, or makes a key, right after a call of rekeyer's
  Milliseconds worst_skew{0};  ///< of a process's clock
  sandbox::RandomFaults random_faults;
  double denial = 0;  ///< chance that, before a run, somebody forbids one operation for a few calls or for days
  double late = 0;    ///< chance of a request to arrive minutes after its sender has given up
  std::vector<SecretsMember> hostile;
  double hostile_acts_a_day = 0;        ///< of each, between runs
  double hostile_haste = 0;             ///< chance that one of them acts right after a call of rekeyer's
  std::vector<SecretsMember> deputies;  ///< whom [store] writers names at times
  double reconfigurations_a_day = 0;    ///< chance that they are named, or named no more
};

/// A session of a new role, so that rekeyer does not rotate the member's key away.
SecretsMember add_member(sandbox::World& world, const AccountId& account, std::string_view role, Instant start);

/// A key of the account that rekeyer runs from, which everybody may use.
sandbox::KmsKey& add_kms_key(sandbox::World& world, const Region& region, const std::string& id, Instant start);

/// All secrets go to the account that rekeyer runs from, under a key of its own that is there.
void store_centrally(Scenario& scenario, Instant start);

/// In some seeds, where rekeyer enters the accounts by the member role and keeps the secrets there.
void draw_hostile(Random& random, Scenario& scenario, Instant start);

/// In some seeds, where the member role keeps the secrets. With numbers of its own, so that what is drawn before it
/// stays as it was.
void draw_deputies(Random random, Scenario& scenario, Instant start);

/// The same seed gives the same scenario, in every build.
Scenario draw_scenario(std::uint64_t seed, Instant start);

/// One line about it, for failures.
std::string describe(const Scenario& scenario);

}  // namespace rekeyer::simulation
