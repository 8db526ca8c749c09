// The world as a rehearsal keeps it: users and keys in little memory, each set of rules once, owners by number.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "notify/deliver/owners.hpp"
#include "notify/model/settings.hpp"
#include "policy/decision.hpp"
#include "policy/facts.hpp"
#include "policy/intent.hpp"
#include "policy/match.hpp"
#include "policy/rules.hpp"
#include "rehearsal/owners.hpp"
#include "rotation/settings.hpp"
#include "rotation/target.hpp"
#include "rotation/user_state.hpp"

namespace rekeyer::rehearsal {

/// A policy::KeyRecord without the key's id.
struct Record {
  policy::KeyPhase phase = policy::KeyPhase::watched;
  bool deactivated_by_us = false;
  Instant since{};
  std::optional<Instant> inactive_since;
  std::optional<Instant> reactivated;
};

/// A policy::Told with the key's number for its id.
struct CompactNotice {
  std::uint16_t key = 0;
  policy::NoticeKind kind = policy::NoticeKind::rotation_soon;
  bool accepted = true;
  int days = 0;
  std::optional<std::chrono::sys_days> due;
  Instant since{};
};

/// Keys have numbers instead of ids, in order of creation: a survey by credential report has no ids, and the decision
/// needs them only to tell keys apart.
struct Key {
  std::uint16_t number = 0;
  KeyStatus status = KeyStatus::active;
  policy::Stored stored = policy::Stored::no;
  bool signs_this_run = false;
  LastUse::State use_state = LastUse::State::never;  ///< as the world showed it; `uses` goes on from there
  Instant created{};
  Instant used_at{};
  Uses uses;
  std::optional<Record> record;

  LastUse last_use(Instant now) const;
};

/// "key-00001": sorts like the keys' numbers.
AccessKeyId id_of(std::uint16_t number);
/// The number in an id that id_of() made.
std::uint16_t number_of(const AccessKeyId& id);

/// What only few users have.
struct UncommonFacts {
  /// All that hold at the start or take over when an earlier one has ended, in that order.
  std::vector<policy::Exemption> exemptions;
  std::optional<std::string> exemption_unreadable;
  std::optional<std::string> rules_unreadable;
  bool intent_unreadable = false;
};

inline constexpr std::uint32_t nobody = 0xffffffff;

struct User {
  UserName name;
  std::uint32_t account = 0;
  std::uint32_t owners = nobody;  ///< which of the model's groups of owners
  std::uint32_t rules = 0;
  bool never_installs = false;
  bool custody_lost = false;
  std::uint16_t issued = 0;       ///< numbers given to keys so far
  std::uint16_t warned_keys = 0;  ///< rows of the latest decision: they stand until the next one
  std::uint16_t held_keys = 0;
  std::uint16_t overdue_keys = 0;
  std::vector<Key> keys;                          ///< in order of their numbers
  std::vector<CompactNotice> told;                ///< in order of keys' numbers, which may be gone
  std::shared_ptr<const UncommonFacts> uncommon;  ///< null for most
  std::shared_ptr<const policy::Intent> intent;   ///< null for most
};

struct Account {
  AccountId id;
  std::string name;
};

struct LeftOut {
  AccountId account;
  std::string why;
};

/// How people are told.
enum class Telling {
  nobody,  ///< no channel is configured
  events,  ///< programs and chat rooms, in the owners' place: all is accepted, no mail is sent
  mails,   ///< owners, by mail: accepted where there is an owner
};

struct Model {
  Instant start{};
  std::vector<Account> accounts;                         ///< in order of their ids
  std::vector<LeftOut> left_out;                         ///< accounts that a sweep would not get into, or skip
  std::vector<User> users;                               ///< by account, then by name
  std::vector<policy::Rules> rules;                      ///< each once
  std::vector<std::string> owners;                       ///< their addresses
  std::vector<std::vector<std::uint32_t>> owner_groups;  ///< who are told together, each group once
  policy::NoticeRules notices;
  Telling telling = Telling::nobody;
  std::size_t root_keys = 0;         ///< accounts whose root user has an active key
  std::size_t orphaned_secrets = 0;  ///< of users that are gone: the first run schedules their deletion
  std::string incomplete;            ///< why accounts may be missing; empty: none are
};

/// Takes users in as surveys bring them.
class ModelBuilder {
 public:
  /// All must outlive it.
  ModelBuilder(const rotation::Settings& settings, const notify::Settings& notify, const Behaviour& behaviour,
               Instant start);

  /// Users added next belong to it. `contacts`: its tags and contacts, as far as they are known.
  void begin_account(const rotation::AccountTarget& account, notify::AccountContacts contacts = {});
  void leave_out(const AccountId& account, std::string why);
  /// Rules and exemptions are worked out from `context`; keys, custody and intent come from `facts`.
  void add(const rotation::UserContext& context, const policy::UserFacts& facts);
  void add_root_key() { ++model_.root_keys; }
  void add_orphaned_secrets(std::size_t count) { model_.orphaned_secrets += count; }
  void set_incomplete(std::string why) { model_.incomplete = std::move(why); }

  std::size_t users() const { return model_.users.size(); }
  Model finish();

 private:
  std::uint32_t rules_number(policy::Rules rules);
  std::uint32_t owners_number(const policy::Subject& subject);
  std::shared_ptr<const UncommonFacts> uncommon(const rotation::UserContext& context, const policy::UserFacts& facts,
                                                std::optional<std::string> rules_unreadable) const;

  const rotation::Settings& settings_;
  const notify::Settings& notify_;
  const Behaviour& behaviour_;
  notify::AccountContacts contacts_;
  Model model_;
  std::map<std::string, std::uint32_t> owner_numbers_;
  std::map<std::vector<std::uint32_t>, std::uint32_t> group_numbers_;
};

}  // namespace rekeyer::rehearsal
