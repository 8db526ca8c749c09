// What the decision promises of every user there could be (design: I2, I4, I5, I8), tried on random ones.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "policy/decision.hpp"
#include "policy/facts_generator.hpp"

namespace rekeyer::policy {
namespace {

using generated::Generator;
using generated::now;
using generated::show;

constexpr int rounds = 5000;

const KeyDecision* of(const UserDecision& decision, const AccessKeyId& id) {
  const auto found = std::ranges::find(decision.keys, id, &KeyDecision::key);
  return found != decision.keys.end() ? &*found : nullptr;
}

std::size_t count(const UserDecision& decision, Action action) {
  return static_cast<std::size_t>(std::ranges::count(decision.keys, action, &KeyDecision::action));
}

bool retires(const KeyDecision& key) { return key.action == Action::deactivate || key.action == Action::remove; }
bool changes(const KeyDecision& key) { return retires(key) || key.action == Action::rotate; }

bool role_is(const Custody& custody, const AccessKeyId& id, KeyPhase phase) {
  const KeyRecord* record = custody.find(id);
  return record != nullptr && record->phase == phase;
}

struct Situation {
  UserFacts facts;
  Rules rules;
  Force force;
  UserDecision decision;
};

/// Looks at one situation; tells whether it put the promise to the test at all.
using Check = std::function<bool(const Situation&)>;
constexpr int least_met = 10;

/// Runs `check` on many random situations, and stops at the first that fails. A promise that hardly any situation put
/// to the test fails too.
void for_all(const std::function<UserFacts(Generator&)>& users, const Check& check) {
  const auto seed = generated::seed();
  Generator generator(seed);
  int met = 0;
  for (int i = 0; i < rounds && !testing::Test::HasFailure(); ++i) {
    Situation situation{users(generator), generator.rules(), generator.force(), {}};
    situation.decision = decide(situation.facts, situation.rules, situation.force, now);
    met += check(situation) ? 1 : 0;
    if (testing::Test::HasFailure()) {
      ADD_FAILURE() << fmt::format("seed {:x}, user {}\n{}", seed, i, show(situation.facts, situation.decision));
    }
  }
  if (!testing::Test::HasFailure()) EXPECT_GE(met, least_met) << "of " << rounds << " situations";
}
void for_all_users(const Check& check) {
  for_all([](Generator& generator) { return generator.user(); }, check);
}
void for_all_plain_users(const Check& check) {
  for_all([](Generator& generator) { return generator.plain_user(); }, check);
}

TEST(DecisionProperty, EveryKeyHasOneDecisionWithItsWords) {
  for_all_users([](const Situation& user) {
    std::size_t of_keys = 0;
    for (const KeyDecision& key : user.decision.keys) {
      of_keys += key.key.empty() ? 0U : 1U;
      EXPECT_FALSE(name(key.action).empty());
      EXPECT_FALSE(describe(key.reason).empty());
      EXPECT_TRUE(!key.detail.empty() || key.reason == Reason::exempt) << name(key.reason);
      if (key.key.empty()) EXPECT_EQ(key.action, Action::recover);
    }
    EXPECT_EQ(of_keys, user.facts.keys.size());
    for (const KeyFacts& key : user.facts.keys) EXPECT_NE(of(user.decision, key.id), nullptr);
    return of_keys > 0;
  });
}

TEST(DecisionProperty, TheOrderOfKeysDoesNotMatter) {
  for_all_users([](const Situation& user) {
    UserFacts turned = user.facts;
    std::ranges::reverse(turned.keys);
    if (turned.intent) std::ranges::reverse(turned.intent->had);
    std::ranges::reverse(turned.custody.keys);
    const UserDecision again = decide(turned, user.rules, user.force, now);
    EXPECT_EQ(again.keys.size(), user.decision.keys.size());
    if (again.keys.size() != user.decision.keys.size()) return false;
    for (std::size_t i = 0; i < again.keys.size(); ++i) {
      EXPECT_EQ(again.keys[i].key, user.decision.keys[i].key);
      EXPECT_EQ(again.keys[i].action, user.decision.keys[i].action);
      EXPECT_EQ(again.keys[i].reason, user.decision.keys[i].reason);
      EXPECT_EQ(again.keys[i].due, user.decision.keys[i].due);
    }
    return again.keys.size() > 1;
  });
}

TEST(DecisionProperty, UnknownEvidenceNeverRetires) {
  for_all_users([](const Situation& user) {
    bool met = false;
    for (const KeyFacts& key : user.facts.keys) {
      if (key.last_use.state != LastUse::State::unknown) continue;
      met = true;
      const KeyDecision& decision = *of(user.decision, key.id);
      EXPECT_NE(decision.action, Action::remove);
      if (decision.action == Action::deactivate) {
        EXPECT_EQ(decision.reason, Reason::forced);
        EXPECT_TRUE(user.force.deactivate_now);
      }
    }
    return met;
  });
}

TEST(DecisionProperty, WhatWeDidToVerifyAKeyDecidesNothing) {
  for_all_users([](const Situation& user) {
    UserFacts unverified = user.facts;
    bool met = false;
    for (KeyFacts& key : unverified.keys) {
      met = met || only_verified(key);
      key.last_use = use_by_owner(key);
    }
    const UserDecision again = decide(unverified, user.rules, user.force, now);
    for (std::size_t i = 0; i < again.keys.size(); ++i) {
      EXPECT_EQ(again.keys[i].action, user.decision.keys[i].action);
      EXPECT_EQ(again.keys[i].reason, user.decision.keys[i].reason);
      EXPECT_EQ(again.keys[i].due, user.decision.keys[i].due);
    }
    return met;
  });
}

TEST(DecisionProperty, AtMostOneKeyIsIssuedAndNothingIsRetiredBesides) {
  for_all_users([](const Situation& user) {
    if (count(user.decision, Action::rotate) == 0) return false;
    EXPECT_EQ(count(user.decision, Action::rotate), 1U);
    EXPECT_EQ(user.facts.keys.size(), 1U) << "AWS would refuse a third key";
    EXPECT_EQ(count(user.decision, Action::deactivate) + count(user.decision, Action::remove), 0U);
    return true;
  });
}

bool published_once(const KeyFacts& key) { return key.stored == Stored::current || key.stored == Stored::previous; }

TEST(DecisionProperty, AUserWhoMayBeUsingAKeyKeepsAKeyThatWorks) {
  for_all_users([](const Situation& user) {
    const Instant idle_before = now - std::max(user.rules.idle_period.value, user.rules.in_use_window.value);
    const bool uses = std::ranges::any_of(user.facts.keys, [&](const KeyFacts& key) {
      const LastUse use = use_by_owner(key);
      const bool used_lately = use.state == LastUse::State::used && use.at > idle_before;
      return used_lately || use.state == LastUse::State::unknown;
    });
    std::size_t before = 0;
    std::size_t after = 0;
    for (const KeyFacts& key : user.facts.keys) {
      const bool lost = role_is(user.decision.custody, key.id, KeyPhase::orphan) && !published_once(key) &&
                        use_by_owner(key).state != LastUse::State::used;
      const bool works = key.status == KeyStatus::active && !lost;
      before += works ? 1U : 0U;
      after += works && !retires(*of(user.decision, key.id)) ? 1U : 0U;
    }
    if (!uses || before == 0) return false;
    EXPECT_GT(after, 0U);
    return true;
  });
}

TEST(DecisionProperty, OnlyInactiveKeysAreDeletedAndOnlyActiveOnesDeactivated) {
  for_all_users([](const Situation& user) {
    for (const KeyFacts& key : user.facts.keys) {
      const Action action = of(user.decision, key.id)->action;
      if (action == Action::remove) EXPECT_EQ(key.status, KeyStatus::inactive);
      if (action == Action::deactivate) EXPECT_EQ(key.status, KeyStatus::active);
      if (key.status == KeyStatus::other) EXPECT_FALSE(changes(*of(user.decision, key.id)));
    }
    return count(user.decision, Action::remove) + count(user.decision, Action::deactivate) > 0;
  });
}

TEST(DecisionProperty, NothingIsDeletedBeforeItsClockHasRunAndBeenSeenRunning) {
  for_all_users([](const Situation& user) {
    for (const KeyFacts& key : user.facts.keys) {
      if (of(user.decision, key.id)->action != Action::remove) continue;
      EXPECT_FALSE(user.facts.custody_lost);
      const KeyRecord* record = user.facts.custody.find(key.id);
      const bool seen = record != nullptr && record->inactive_since;
      EXPECT_TRUE(seen);
      if (!seen) continue;
      const LastUse use = use_by_owner(key);
      const bool withdrawn =
          record->phase == KeyPhase::orphan && !published_once(key) && use.state == LastUse::State::never;
      const Period grace = withdrawn ? user.rules.orphan_grace.value : user.rules.recovery_grace.value;
      EXPECT_LE(*record->inactive_since + grace, now);
      if (use.state == LastUse::State::used) EXPECT_LE(use.at + grace, now);
    }
    return count(user.decision, Action::remove) > 0;
  });
}

TEST(DecisionProperty, ARetiredKeyGoesOnlyBesideItsWorkingReplacementOrAnotherKey) {
  for_all_users([](const Situation& user) {
    bool met = false;
    for (const KeyFacts& key : user.facts.keys) {
      const KeyDecision& decision = *of(user.decision, key.id);
      if (decision.action != Action::deactivate || decision.reason == Reason::idle) continue;
      if (!role_is(user.decision.custody, key.id, KeyPhase::retiring)) continue;
      met = true;
      EXPECT_TRUE(std::ranges::any_of(user.facts.keys, [&](const KeyFacts& other) {
        return other.id != key.id && other.status == KeyStatus::active && other.stored == Stored::current &&
               role_is(user.decision.custody, other.id, KeyPhase::current) && !retires(*of(user.decision, other.id));
      }));
    }
    return met;
  });
}

TEST(DecisionProperty, TheSignersKeyIsNeverRetired) {
  const auto signers = [](Generator& generator) {
    UserFacts facts = generator.user();
    if (!facts.keys.empty()) facts.keys[generator.random().below(facts.keys.size())].signs_this_run = true;
    return facts;
  };
  for_all(signers, [](const Situation& user) {
    bool met = false;
    for (const KeyFacts& key : user.facts.keys) {
      if (!key.signs_this_run) continue;
      EXPECT_FALSE(retires(*of(user.decision, key.id)));
      // It is met where somebody else's key would go.
      UserFacts others = user.facts;
      for (KeyFacts& one : others.keys) one.signs_this_run = false;
      met = met || retires(*of(decide(others, user.rules, user.force, now), key.id));
    }
    return met;
  });
}

TEST(DecisionProperty, AnExemptUserIsNotTouchedAndNotWrittenTo) {
  for_all_users([](const Situation& user) {
    if (!user.facts.exemption && !user.facts.exemption_unreadable) return false;
    for (const KeyDecision& key : user.decision.keys) EXPECT_FALSE(changes(key));
    EXPECT_FALSE(user.decision.custody_changed);
    EXPECT_EQ(user.decision.custody, user.facts.custody);
    return !user.decision.keys.empty();
  });
}

TEST(DecisionProperty, NothingHappensUnderAnIntentThatIsLiveOrUnreadable) {
  for_all_users([](const Situation& user) {
    const bool live = user.facts.intent && user.facts.intent->lease_end > now;
    if (!live && !user.facts.intent_unreadable) return false;
    for (const KeyDecision& key : user.decision.keys) {
      EXPECT_FALSE(changes(key));
      EXPECT_NE(key.action, Action::recover);
    }
    EXPECT_FALSE(user.decision.custody_changed);
    return !user.decision.keys.empty();
  });
}

TEST(DecisionProperty, RecoveryComesFirst) {
  for_all_users([](const Situation& user) {
    if (!user.facts.intent || user.facts.intent->lease_end > now || user.facts.intent_unreadable) return false;
    EXPECT_GE(count(user.decision, Action::recover), 1U);
    for (const KeyDecision& key : user.decision.keys) EXPECT_FALSE(changes(key));
    return true;
  });
}

TEST(DecisionProperty, ForceOverridesNoEvidence) {
  for_all_users([](const Situation& user) {
    bool met = false;
    const UserDecision unforced = decide(user.facts, user.rules, {}, now);
    for (const KeyDecision& key : user.decision.keys) {
      const KeyDecision& before = *of(unforced, key.key);
      if (!retires(key) || key.action == before.action) continue;
      met = true;
      // The one thing that force retires: a replaced key, at once, as long as its replacement works.
      EXPECT_EQ(key.action, Action::deactivate);
      EXPECT_EQ(key.reason, Reason::forced);
      EXPECT_TRUE(user.force.deactivate_now);
      EXPECT_TRUE(role_is(user.decision.custody, key.key, KeyPhase::retiring));
    }
    return met;
  });
}

int severity(Action action) {
  switch (action) {
    case Action::keep:
    case Action::exempt: return 0;
    case Action::warn: return 1;
    case Action::hold: return 2;
    case Action::recover:
    case Action::adopt:
    case Action::relock:
    case Action::rotate: return 3;
    case Action::deactivate: return 4;
    case Action::remove: return 5;
  }
  return 0;
}

TEST(DecisionProperty, AnOlderKeyIsNeverTreatedMoreMildly) {
  for_all_plain_users([](const Situation& user) {
    bool met = false;
    for (std::size_t i = 0; i < user.facts.keys.size(); ++i) {
      for (const int days : {1, 8, 25, 60, 90}) {
        UserFacts older = user.facts;
        if (only_verified(older.keys[i]))
          older.keys[i].last_use.at -= std::chrono::days{days};  // verified at its birth
        older.keys[i].created -= std::chrono::days{days};
        const UserDecision harder = decide(older, user.rules, user.force, now);
        // Where custody is derived from ages, a key may get another role by its age: then not all else is equal.
        if (harder.custody != user.decision.custody) continue;
        met = true;
        EXPECT_GE(severity(of(harder, older.keys[i].id)->action), severity(of(user.decision, older.keys[i].id)->action))
            << older.keys[i].id.str() << " aged by " << days << " days\n"
            << show(older, harder);
      }
    }
    return met;
  });
}

TEST(DecisionProperty, WritingCustodyChangesNoDecisionButFirstSights) {
  for_all_plain_users([](const Situation& user) {
    UserFacts written = user.facts;
    written.custody = user.decision.custody;
    written.custody_lost = false;
    const UserDecision again = decide(written, user.rules, user.force, now);
    bool met = false;
    EXPECT_FALSE(again.custody_changed);
    EXPECT_EQ(again.custody, user.decision.custody);
    for (const KeyDecision& key : user.decision.keys) {
      // A clock that started a moment ago may be over at once where the rules allow no time at all.
      if (key.reason == Reason::recovery_clock_started) continue;
      if (key.reason == Reason::used_while_inactive_unclear) continue;  // its clock started anew
      EXPECT_EQ(of(again, key.key)->action, key.action);
      EXPECT_EQ(of(again, key.key)->reason, key.reason);
      met = true;
    }
    return met;
  });
}

TEST(DecisionProperty, CustodySetAtAFractionOfASecondEqualsItsTag) {
  for_all_plain_users([](const Situation& user) {
    const UserDecision decision = decide(user.facts, user.rules, user.force, now + Milliseconds{789});
    const auto tags = custody_tags(decision.custody, {});
    EXPECT_TRUE(tags) << tags.error().message;
    if (tags) EXPECT_EQ(read_custody(*tags).value(), decision.custody);
    return !decision.custody.empty();
  });
}

TEST(DecisionProperty, CustodyIsWrittenAsATagAndReadBack) {
  for_all_plain_users([](const Situation& user) {
    const auto tags = custody_tags(user.decision.custody, {});
    EXPECT_TRUE(tags) << tags.error().message;
    if (tags) EXPECT_EQ(read_custody(*tags).value(), user.decision.custody);
    return !user.decision.custody.empty();
  });
}

TEST(DecisionProperty, AQuietUserHasNothingToDoSayOrRecord) {
  for_all_users([](const Situation& user) {
    if (!user.decision.quiet()) return false;
    EXPECT_FALSE(user.decision.custody_changed);
    for (const KeyDecision& key : user.decision.keys) {
      EXPECT_TRUE(key.action == Action::keep || key.action == Action::exempt);
      EXPECT_NE(key.reason, Reason::exemption_unreadable);
    }
    return !user.decision.keys.empty();
  });
}

TEST(DecisionProperty, TheNextChangeIsTheEarliestInstantAhead) {
  for_all_users([](const Situation& user) {
    const auto next = next_change(user.decision, now);
    for (const KeyDecision& key : user.decision.keys) {
      if (!key.due || *key.due <= now) continue;
      EXPECT_TRUE(next);
      if (next) EXPECT_LE(*next, *key.due);
    }
    if (next) EXPECT_GT(*next, now);
    return next.has_value();
  });
}

}  // namespace
}  // namespace rekeyer::policy
