// What owners are told in the life of their keys, day by day, and that nothing is retired before.
#include "policy/announcement.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "fakes/seed.hpp"
#include "policy/intent.hpp"
#include "policy/key_world.hpp"
#include "policy/pending_notices.hpp"

namespace rekeyer::policy {
namespace {

using std::chrono::days;

/// A world whose owner is written to after each run.
struct Correspondence {
  World world;
  NoticeRules notice_rules{true, {7, 3, 1}};
  std::vector<std::string> mails;  ///< "83 rotation-soon/7 AKIA0000 due 90"
  std::function<bool(int day)> accepted = [](int) { return true; };

  Correspondence() { world.rules.require_notice.value = true; }

  static std::string day_number(Instant instant) {
    return std::to_string(std::chrono::floor<days>(instant - start).count());
  }

  /// What there is to tell after the run, told.
  void write(int day) {
    auto& facts = world.facts;
    const auto decision = decide(facts, world.rules, {}, world.now);
    std::vector<Delivery> deliveries;
    for (const Notice& notice : pending_notices(facts, world.rules, decision, notice_rules, world.now)) {
      const bool sent = accepted(day);
      const auto warning = notice.days > 0 ? "/" + std::to_string(notice.days) : std::string();
      const auto due = notice.due ? " due " + day_number(*notice.due) : std::string();
      mails.push_back(
          fmt::format("{} {}{} {}{}{}", day, name(notice.kind), warning, notice.key, due, sent ? "" : " (failed)"));
      deliveries.push_back({notice, sent});
    }
    facts.notices = after_deliveries(still_of_interest(facts.notices, facts, world.now), deliveries, world.now);
  }

  const std::vector<std::string>& live(int last_day, const std::function<void(int day)>& owner, int first_day = 0) {
    for (int day = first_day; day <= last_day; ++day) {
      world.now = start + days{day};
      owner(day);
      world.run();
      write(day);
    }
    return mails;
  }
};

using Mails = std::vector<std::string>;

TEST(Announcement, TheWholeLifeOfAKeyIsToldOnceEach) {
  Correspondence owner;
  const AccessKeyId first = owner.world.make_key().id;
  const AccessKeyId second("AKIA0001");
  EXPECT_EQ(owner.live(112, [&](int day) { owner.world.use(day <= 91 ? first : second); }),
            (Mails{
                "83 rotation-soon/7 AKIA0000 due 90",
                "87 rotation-soon/3 AKIA0000 due 90",
                "89 rotation-soon/1 AKIA0000 due 90",
                "90 rotated AKIA0000 due 100",
                "93 deactivation-soon/7 AKIA0000 due 100",
                "97 deactivation-soon/3 AKIA0000 due 100",
                "99 deactivation-soon/1 AKIA0000 due 100",
                "100 deactivated AKIA0000 due 110",
                "103 deletion-soon/7 AKIA0000 due 110",
                "107 deletion-soon/3 AKIA0000 due 110",
                "109 deletion-soon/1 AKIA0000 due 110",
                "110 deleted AKIA0000",
            }));
  EXPECT_EQ(owner.world.facts.notices, NoticeRecord{});
}

TEST(Announcement, AKeyInUseIsHeldAndItsOwnerToldUntilWhen) {
  Correspondence owner;
  const AccessKeyId first = owner.world.make_key().id;
  owner.live(131, [&](int) { owner.world.use(first); });
  EXPECT_EQ(Mails(owner.mails.begin() + 7, owner.mails.end()), (Mails{
                                                                   "100 in-use AKIA0000 due 130",
                                                                   "123 in-use/7 AKIA0000 due 130",
                                                                   "127 in-use/3 AKIA0000 due 130",
                                                                   "129 in-use/1 AKIA0000 due 130",
                                                                   "130 deactivated AKIA0000 due 140",
                                                               }));
}

TEST(Announcement, WhoHasNotInstalledTheNewKeyIsToldSo) {
  Correspondence owner;
  auto& world = owner.world;
  const AccessKeyId first = world.make_key().id;
  owner.live(99, [&](int day) {
    if (day % 30 == 0) world.use(first);
  });
  world.now = start + days{100};
  world.run();
  const auto decision = decide(world.facts, world.rules, {}, world.now);
  const auto news = pending_notices(world.facts, world.rules, decision, owner.notice_rules, world.now);
  ASSERT_EQ(news.size(), 1U);
  EXPECT_EQ(news.front().kind, NoticeKind::in_use);
  EXPECT_EQ(news.front().key, first);
  EXPECT_TRUE(news.front().successor_unused);
  EXPECT_EQ(news.front().due, start + days{130}) << "the hard deadline";
}

TEST(Announcement, NothingRetiresWhileNoMailIsAccepted) {
  Correspondence owner;
  owner.accepted = [](int day) { return day >= 150; };
  const AccessKeyId first = owner.world.make_key().id;
  const AccessKeyId second("AKIA0001");
  owner.live(165, [&](int day) { owner.world.use(day <= 91 ? first : second); });
  Mails told;
  for (const auto& mail : owner.mails) {
    if (!mail.ends_with("(failed)")) told.push_back(mail);
  }
  EXPECT_EQ(told, (Mails{
                      "150 rotated AKIA0000 due 151",
                      "151 deactivated AKIA0000 due 161",
                      "154 deletion-soon/7 AKIA0000 due 161",
                      "158 deletion-soon/3 AKIA0000 due 161",
                      "160 deletion-soon/1 AKIA0000 due 161",
                      "161 deleted AKIA0000",
                  }));
}

TEST(Announcement, WithoutRequireNoticeAFailingMailHoldsNothing) {
  Correspondence owner;
  owner.world.rules.require_notice.value = false;
  owner.accepted = [](int) { return false; };
  const AccessKeyId first = owner.world.make_key().id;
  owner.live(111, [&](int day) { owner.world.use(day <= 91 ? first : AccessKeyId("AKIA0001")); });
  EXPECT_EQ(owner.world.facts.keys.size(), 1U);
}

TEST(Announcement, AnOldUnusedKeyIsAnnouncedBeforeItGoes) {
  Correspondence owner;
  owner.world.make_key();
  owner.live(403, [](int) {}, 400);  // first looked at when it is long past its rotation period
  EXPECT_EQ(owner.mails, (Mails{
                             "400 unused/1 AKIA0000 due 401",
                             "401 deactivated AKIA0000 due 411",
                         }));
}

TEST(Announcement, AMovedDayIsToldAnew) {
  Correspondence owner;
  const AccessKeyId first = owner.world.make_key().id;
  const AccessKeyId second("AKIA0001");
  const auto use = [&](int day) { owner.world.use(day <= 91 ? first : second); };
  owner.live(94, use);
  owner.mails.clear();
  owner.world.rules.installation_grace.value = days{30};
  owner.live(95, use, 95);
  owner.world.rules.installation_grace.value = days{2};
  owner.live(98, use, 96);
  EXPECT_EQ(owner.mails, (Mails{
                             "95 rotated AKIA0000 due 120",
                             "96 deactivation-soon/1 AKIA0000 due 97",
                             "97 deactivated AKIA0000 due 107",
                         }));
}

TEST(Announcement, TwoKeysInUseAreToldOnce) {
  Correspondence owner;
  const AccessKeyId first = owner.world.make_key().id;
  const AccessKeyId second = owner.world.make_key().id;
  const auto& mails = owner.live(130, [&](int) {
    owner.world.use(first);
    owner.world.use(second);
  });
  EXPECT_EQ(std::ranges::count_if(mails, [](const auto& mail) { return mail.starts_with("90 two-keys"); }), 2);
  EXPECT_EQ(mails.back().substr(0, 3), "90 ") << mails.back();
}

TEST(Announcement, TheEndOfAnExemptionIsToldOnceAUser) {
  Correspondence owner;
  owner.world.make_key();
  owner.world.make_key();
  owner.world.facts.exemption = Exemption{"migration", start + days{50}, "", ""};
  EXPECT_EQ(owner.live(49, [](int) {}), (Mails{
                                            "43 exemption-ending/7 AKIA0000 due 50",
                                            "47 exemption-ending/3 AKIA0000 due 50",
                                            "49 exemption-ending/1 AKIA0000 due 50",
                                        }));
}

TEST(Announcement, SomebodyElsesDisabledKeyIsAnnouncedBeforeItsDeletion) {
  Correspondence owner;
  KeyFacts& key = owner.world.make_key();
  key.status = KeyStatus::inactive;
  owner.live(12, [](int) {});
  EXPECT_EQ(owner.mails, (Mails{
                             "3 deletion-soon/7 AKIA0000 due 10",
                             "7 deletion-soon/3 AKIA0000 due 10",
                             "9 deletion-soon/1 AKIA0000 due 10",
                             "10 deleted AKIA0000",
                         }));
}

// Told "unused, it will be deactivated", the owner is not told "it will be rotated" for the same day, and back again.
TEST(Announcement, ALastUseThatCanNotBeReadContradictsNothing) {
  Correspondence owner;
  const AccessKeyId key = owner.world.make_key().id;
  EXPECT_EQ(owner.live(88,
                       [&](int day) {
                         const bool readable = day != 84 && day != 87;
                         owner.world.key(key).last_use = readable ? LastUse::never() : LastUse::unknown();
                       }),
            (Mails{"83 unused/7 AKIA0000 due 90", "87 unused/3 AKIA0000 due 90"}));
}

/// An inactive key whose deletion was announced for today, seen in an old list by a run whose tags are newer: custody
/// knows nothing of it any more.
struct OldList {
  World world;
  AccessKeyId gone;

  OldList() {
    world.rules.require_notice.value = true;
    KeyFacts& key = world.make_key();
    gone = key.id;
    key.status = KeyStatus::inactive;
    world.now = start + days{10};
  }
  void told(NoticeKind kind, std::optional<std::chrono::sys_days> day, Instant since, bool accepted) {
    world.facts.notices.put({gone, kind, 0, day, since, accepted});
  }
  std::size_t notices() const {
    const auto decision = decide(world.facts, world.rules, {}, world.now);
    return pending_notices(world.facts, world.rules, decision, {true, {30}}, world.now).size();
  }
};

TEST(Announcement, AKeyThatAnotherRunJustDeletedIsNotAnnouncedAnew) {
  OldList list;
  ASSERT_EQ(list.notices(), 1u) << "somebody's disabled key";
  list.told(NoticeKind::deleted, {}, list.world.now - std::chrono::minutes{1}, false);
  EXPECT_EQ(list.notices(), 0u);
  EXPECT_EQ(still_of_interest(list.world.facts.notices, list.world.facts, list.world.now).entries.size(), 1u)
      << "and the word that its owner has not heard of it stays";

  list.world.facts.keys.clear();
  EXPECT_EQ(list.notices(), 1u) << "so that the next run tells it";
}

TEST(Announcement, NorIsOneWhoseDeletionIsAboutToBeTold) {
  OldList list;
  const auto today = std::chrono::floor<days>(list.world.now);
  list.told(NoticeKind::deletion_soon, today, start, true);
  EXPECT_EQ(list.notices(), 0u);
  list.world.facts.intent = Intent{RunId("8f31c0de12345678"), list.world.now, list.world.now + days{1}, {list.gone}};
  EXPECT_EQ(list.notices(), 0u) << "nor while a run is at work, and nothing is recorded";
}

TEST(Announcement, NorBecauseTheRunHasRecordedItMeanwhile) {
  OldList list;
  list.told(NoticeKind::deactivated, std::chrono::floor<days>(list.world.now), start, true);
  list.world.run();  // custody has it as somebody's disabled key from now on
  ASSERT_NE(list.world.facts.custody.find(list.gone), nullptr);
  list.world.now += std::chrono::seconds{5};
  EXPECT_EQ(list.notices(), 0u);

  list.world.facts.keys.clear();
  EXPECT_EQ(list.notices(), 1u) << "the next run tells that it was deleted";
}

TEST(Announcement, AKeyThatWasJustSwitchedOffAgainIsTold) {
  OldList list;
  list.told(NoticeKind::deactivated, std::chrono::floor<days>(list.world.now), start, true);
  list.world.facts.custody.put({list.gone, KeyPhase::retiring, start, list.world.now, true, {}});
  EXPECT_EQ(list.notices(), 1u) << "by rekeyer, so this is no old list";
}

TEST(Announcement, ButAKeyThatIsStillThereIsAnnouncedByTheNextRun) {
  OldList list;
  list.told(NoticeKind::deletion_soon, std::chrono::floor<days>(list.world.now), start, true);
  list.world.run();  // records the key's clock
  list.world.now += days{1};
  EXPECT_EQ(list.notices(), 1u);

  OldList wrong;  // told to be deleted, and there it is, a day later
  wrong.told(NoticeKind::deleted, {}, wrong.world.now - days{1}, false);
  EXPECT_EQ(wrong.notices(), 1u);
}

/// Mails that fail at random, days without a run: nobody is told the same twice, and nothing goes untold.
TEST(Announcement, WhateverFailsNobodyIsToldTwiceAndNothingGoesUntold) {
  const auto first_seed = fakes::seed();
  int deactivated = 0;
  for (std::uint64_t seed = first_seed; seed < first_seed + 200; ++seed) {
    Random random(seed);
    Correspondence owner;
    owner.accepted = [&](int) { return !random.chance(0.4); };
    owner.world.make_key();
    for (int day = 0; day <= 300; ++day) {
      if (random.chance(0.3)) continue;  // no run
      owner.world.now = start + days{day};
      for (auto& key : owner.world.facts.keys) {
        if (key.status == KeyStatus::active && random.chance(0.3)) owner.world.use(key.id);
      }
      const auto told = owner.world.facts.notices;
      std::set<AccessKeyId> active;
      for (const auto& key : owner.world.facts.keys) {
        if (key.status == KeyStatus::active) active.insert(key.id);
      }
      owner.world.run();
      for (const auto& key : owner.world.facts.keys) {
        if (key.status != KeyStatus::inactive || !active.contains(key.id)) continue;
        const NoticeState* known = told.find(key.id);
        ASSERT_TRUE(known != nullptr && known->accepted && announces(known->kind, Step::deactivation))
            << "seed " << seed << " day " << day << ' ' << key.id.str();
        ++deactivated;
      }
      owner.write(day);
    }
    std::set<std::string> once;
    for (const auto& mail : owner.mails) {
      if (mail.ends_with("(failed)")) continue;
      EXPECT_TRUE(once.insert(mail.substr(mail.find(' '))).second) << "seed " << seed << ": " << mail;
    }
    EXPECT_FALSE(owner.mails.empty()) << "seed " << seed;
  }
  EXPECT_GT(deactivated, 50) << "hardly any key's end was met";
}

}  // namespace
}  // namespace rekeyer::policy
