// One user's keys and a run of rekeyer that works without a fault, day by day: what tests of whole lives stand on.
#pragma once

#include <fmt/format.h>

#include <algorithm>

#include "policy/decision.hpp"
#include "policy/transitions.hpp"

namespace rekeyer::policy {

inline const Instant start = std::chrono::sys_days{std::chrono::year{2026} / 1 / 1} + std::chrono::hours{3};

/// One user, AWS's side of it, and a run of rekeyer that works without a fault.
class World {
 public:
  UserFacts facts;
  Rules rules;
  Instant now = start;

  World() { facts.user = UserName("ann"); }

  KeyFacts& make_key() {
    KeyFacts key;
    key.id = AccessKeyId(fmt::format("AKIA{:04}", made_++));
    key.status = KeyStatus::active;
    key.created = now;
    key.last_use = LastUse::never();
    facts.keys.push_back(key);
    return facts.keys.back();
  }
  KeyFacts& key(const AccessKeyId& id) { return *std::ranges::find(facts.keys, id, &KeyFacts::id); }
  void use(const AccessKeyId& id) { key(id).last_use = LastUse::used(now, "s3", "eu-west-1"); }

  UserDecision run(const Force& force = {}) {
    const UserDecision decision = decide(facts, rules, force, now);
    facts.custody = decision.custody;
    for (const KeyDecision& each : decision.keys) act(each);
    return decision;
  }

 private:
  void act(const KeyDecision& decision) {
    switch (decision.action) {
      case Action::rotate: rotate(decision.key); break;
      case Action::deactivate: deactivate(decision.key); break;
      case Action::remove:
        std::erase_if(facts.keys, [&](const KeyFacts& each) { return each.id == decision.key; });
        facts.custody = after_deletion(facts.custody, decision.key);
        break;
      case Action::keep:
      case Action::warn:
      case Action::hold:
      case Action::recover:
      case Action::adopt:
      case Action::relock:
      case Action::exempt: break;
    }
  }

  void rotate(const AccessKeyId& old) {
    for (KeyFacts& each : facts.keys) {
      if (each.stored == Stored::current) each.stored = Stored::previous;
    }
    KeyFacts& issued = make_key();
    issued.stored = Stored::current;
    issued.last_use = LastUse::used(now, "sts", "us-east-1");  // verified
    facts.custody = after_rotation(facts.custody, issued.id, now, old, now);
  }

  void deactivate(const AccessKeyId& id) {
    key(id).status = KeyStatus::inactive;
    facts.custody = after_deactivation(facts.custody, id, now);
  }

  int made_ = 0;
};

}  // namespace rekeyer::policy
