// Random users for property tests: mostly plausible, often at the edges of periods, sometimes absurd.
#pragma once

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>

#include "base/random.hpp"
#include "policy/decision.hpp"
#include "policy/intent.hpp"

namespace rekeyer::policy::generated {

inline const Instant now = std::chrono::sys_days{std::chrono::year{2026} / 6 / 1} + std::chrono::hours{12};

/// A new seed each time, or the one in REKEYER_SEED; printed, so that a failure can be met again.
inline std::uint64_t seed() {
  const char* given = std::getenv("REKEYER_SEED");
  const std::uint64_t value = given != nullptr ? std::strtoull(given, nullptr, 16) : Random::from_system().next();
  std::cout << fmt::format("[ SEED     ] REKEYER_SEED={:x}\n", value);
  return value;
}

class Generator {
 public:
  explicit Generator(std::uint64_t seed) : random_(seed) {}

  Random& random() { return random_; }

  /// A length of time, often exactly one of the rules' periods, or a second beside it.
  Period period() {
    static constexpr std::array<int, 12> days{0, 1, 3, 7, 10, 20, 30, 40, 83, 90, 100, 110};
    Period result = std::chrono::days{days[random_.below(days.size())]};
    if (random_.chance(0.3)) result = std::chrono::hours{static_cast<long>(random_.below(24 * 200))};
    if (random_.chance(0.2)) result += Period{1};
    if (random_.chance(0.2)) result -= Period{1};
    return result;
  }
  Instant past() { return now - period(); }

  LastUse last_use() {
    switch (random_.below(4)) {
      case 0: return LastUse::unknown();
      case 1: return LastUse::never();
      default: return LastUse::used(past(), "s3", "eu-west-1");
    }
  }

  KeyFacts key(std::size_t number) {
    KeyFacts result;
    result.id = AccessKeyId(fmt::format("AKIA{}{}", random_.below(10), number));
    result.status = random_.chance(0.1)   ? KeyStatus::other
                    : random_.chance(0.6) ? KeyStatus::active
                                          : KeyStatus::inactive;
    result.created = past();
    result.last_use = last_use();
    result.stored = static_cast<Stored>(random_.below(4));
    result.signs_this_run = random_.chance(0.05);
    if (random_.chance(0.15)) {  // as a key of ours looks that was verified and never used since
      result.last_use = LastUse::used(result.created + std::chrono::minutes{1}, "sts", "us-east-1");
    }
    return result;
  }

  KeyRecord record(const AccessKeyId& id) {
    KeyRecord result{id, static_cast<KeyPhase>(random_.below(4)), past(), {}, false, {}};
    if (random_.chance(0.4)) result.inactive_since = past();
    result.deactivated_by_us = random_.chance(0.4);
    if (random_.chance(0.2)) result.reactivated = past();
    return result;
  }

  Intent intent(const UserFacts& facts) {
    Intent result{RunId("8f31c0de12345678"), {}, {}, {}};
    result.lease_end = random_.chance(0.5) ? past() : now + period();
    result.started = result.lease_end - lease_length;
    for (const KeyFacts& key : facts.keys) {
      if (random_.chance(0.7)) result.had.push_back(key.id);
    }
    return result;
  }

  /// Of a user with two keys: one replaced the other, as a rotation leaves them. Chance alone hardly ever hits that.
  void replace(UserFacts& facts) {
    if (facts.keys.size() != 2) return;
    facts.custody.put({facts.keys[0].id, KeyPhase::retiring, past(), {}, false, {}});
    facts.custody.put({facts.keys[1].id, KeyPhase::current, past(), {}, false, {}});
    if (random_.chance(0.9)) facts.keys[1].stored = Stored::current;
    for (KeyFacts& key : facts.keys) {
      if (random_.chance(0.8)) key.status = KeyStatus::active;
    }
  }

  /// A user with nothing in the way: no exemption, no intent, everything readable.
  UserFacts plain_user() {
    UserFacts facts;
    facts.account = AccountId("111111111111");
    facts.user = UserName("ann");
    // AWS allows two; more must do no harm either.
    const std::uint64_t count = random_.chance(0.1) ? random_.below(5) : 1 + random_.below(2);
    for (std::size_t i = 0; i < count; ++i) {
      facts.keys.push_back(key(i));
      if (random_.chance(0.7)) facts.custody.put(record(facts.keys.back().id));
    }
    if (random_.chance(0.4)) replace(facts);
    if (random_.chance(0.1)) facts.custody.put(record(AccessKeyId("AKIAGONE")));
    facts.custody_lost = random_.chance(0.1);
    return facts;
  }

  UserFacts user() {
    UserFacts facts = plain_user();
    if (random_.chance(0.2)) facts.intent = intent(facts);
    facts.intent_unreadable = random_.chance(0.05);
    if (random_.chance(0.05)) facts.exemption = Exemption{"sealed envelope", {}, "SEC-1", "rekeyer.toml:31"};
    if (random_.chance(0.05)) facts.exemption_unreadable = "denied";
    if (random_.chance(0.05)) facts.rules_unreadable = "no such rule";
    return facts;
  }

  Rules rules() {
    Rules result;
    if (random_.chance(0.3)) result.rotation_period.value = period();
    if (random_.chance(0.2)) result.installation_grace.value = period();
    if (random_.chance(0.2)) result.recovery_grace.value = period();
    if (random_.chance(0.2)) result.warn_period.value = period();
    if (random_.chance(0.2)) result.in_use_window.value = period();
    if (random_.chance(0.2)) result.idle_period.value = period();
    if (random_.chance(0.2)) result.orphan_grace.value = period();
    if (random_.chance(0.2)) result.hard_deadline.value = std::nullopt;
    result.in_use.value = static_cast<InUse>(random_.below(3));
    result.unused.value = static_cast<Unused>(random_.below(3));
    result.two_active.value = static_cast<TwoActive>(random_.below(3));
    return result;
  }

  Force force() { return {random_.chance(0.2), random_.chance(0.2)}; }

 private:
  Random random_;
};

/// For a failure's message: the user in a few lines.
inline std::string show(const UserFacts& facts, const UserDecision& decision) {
  std::string text;
  for (const KeyFacts& key : facts.keys) {
    text += fmt::format("{} status {} created {} use {} {} stored {} signs {}\n", key.id, static_cast<int>(key.status),
                        iso8601(key.created), static_cast<int>(key.last_use.state), iso8601(key.last_use.at),
                        static_cast<int>(key.stored), key.signs_this_run);
  }
  text += "before: " + encode(facts.custody).value_or("(not encodable)") + "\n";
  text += "after:  " + encode(decision.custody).value_or("(not encodable)") + "\n";
  for (const KeyDecision& key : decision.keys) {
    text += fmt::format("{}: {} {}\n", key.key, name(key.action), name(key.reason));
  }
  return text;
}

}  // namespace rekeyer::policy::generated
