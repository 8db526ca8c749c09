#include "rehearsal/rehearsal.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "fakes/seed.hpp"
#include "rehearsal/from_world.hpp"
#include "rotation/naming.hpp"
#include "sandbox/world/generate.hpp"

namespace rekeyer::rehearsal {
namespace {

using std::chrono::days;
using std::chrono::hours;

const Instant start = std::chrono::sys_days{std::chrono::year{2026} / 11 / 22} + hours{6};

/// Owners are told by mail, by the tag "owner" alone.
notify::Settings by_mail() {
  notify::Settings notify;
  notify.channels.emplace_back();
  notify.owner.chain = {notify::OwnerSource::user_tag};
  return notify;
}

/// Users with one daily used key each, in one account.
class Company {
 public:
  Company() {
    behaviour.never_install = 0;
    settings.notices.enabled = true;
    require_notice(true);
  }
  void require_notice(bool required) { settings.policy.organisation.require_notice = {required, "test"}; }

  void add(const std::string& name, int age, const std::string& owner = {}) {
    policy::UserFacts facts;
    facts.account = AccountId("111111111111");
    facts.user = UserName(name);
    facts.keys.push_back({AccessKeyId("AKIAEXAMPLE" + name), KeyStatus::active, start - days{age},
                          LastUse::used(start - hours{1}), policy::Stored::no, false});
    rotation::UserContext context;
    context.subject.account = facts.account;
    context.subject.user = facts.user;
    if (!owner.empty()) context.subject.tags["owner"] = owner;
    users_.emplace_back(context, facts);
  }

  /// The owner of the user's key was told this.
  void set_told(std::size_t user, policy::NoticeKind kind, int days_before, Instant at) {
    auto& facts = users_[user].second;
    const auto due = facts.keys[0].created + days{90};
    facts.notices.put({facts.keys[0].id, kind, days_before, std::chrono::floor<days>(due), at, true});
  }

  Model model() const {
    ModelBuilder builder(settings, notify, behaviour, start);
    rotation::AccountTarget target;
    target.id = AccountId("111111111111");
    builder.begin_account(target);
    for (const auto& [context, facts] : users_) builder.add(context, facts);
    return builder.finish();
  }

  RehearsalReport live(std::size_t length) const {
    Rehearsal rehearsal(model(), settings.limits, RehearsalOptions{length, behaviour, {}, false});
    while (!rehearsal.over()) rehearsal.advance_a_day();
    return rehearsal.result("a company");
  }

  rotation::Settings settings;
  notify::Settings notify = by_mail();
  Behaviour behaviour;

 private:
  std::vector<std::pair<rotation::UserContext, policy::UserFacts>> users_;
};

std::size_t told(const Day& day, policy::NoticeKind kind) { return day.told[static_cast<std::size_t>(kind)]; }

/// Days on which `what` was not zero.
template <class What>
std::vector<std::size_t> days_with(const RehearsalReport& result, What what) {
  std::vector<std::size_t> found;
  for (std::size_t day = 0; day < result.days.size(); ++day) {
    if (what(result.days[day]) > 0) found.push_back(day);
  }
  return found;
}

TEST(Rehearsal, AKeysLifeTakesADayMoreForEachStepThatARunTakesMinutesFor) {
  Company company;
  company.add("ann", 0, "ann@example.com");
  const auto result = company.live(120);
  EXPECT_EQ(days_with(result, [](const Day& day) { return day.rotated; }), std::vector<std::size_t>{90});
  EXPECT_EQ(days_with(result, [](const Day& day) { return day.deactivated; }), std::vector<std::size_t>{101});
  EXPECT_EQ(days_with(result, [](const Day& day) { return day.deleted; }), std::vector<std::size_t>{112});
}

TEST(Rehearsal, OwnersAreToldAsTheyAreByRuns) {
  using policy::NoticeKind;
  Company company;
  company.add("ann", 0, "ann@example.com");
  const auto result = company.live(115);
  const auto days_told = [&](NoticeKind kind) {
    return days_with(result, [=](const Day& day) { return told(day, kind); });
  };
  EXPECT_EQ(days_told(NoticeKind::rotation_soon), (std::vector<std::size_t>{83, 87, 89}));
  EXPECT_EQ(days_told(NoticeKind::rotated), std::vector<std::size_t>{90});
  EXPECT_EQ(days_told(NoticeKind::deactivation_soon), (std::vector<std::size_t>{94, 98, 100}));
  EXPECT_EQ(days_told(NoticeKind::deactivated), std::vector<std::size_t>{101});
  EXPECT_EQ(days_told(NoticeKind::deletion_soon), (std::vector<std::size_t>{105, 109, 111}));
  EXPECT_EQ(days_told(NoticeKind::deleted), std::vector<std::size_t>{112});
  EXPECT_EQ(total(result).mails, 12U);
  ASSERT_EQ(result.busiest.size(), 1U);
  EXPECT_EQ(result.busiest[0].owner, "ann@example.com");
  EXPECT_EQ(result.busiest[0].mails, 12U);
}

TEST(Rehearsal, NobodyIsToldWithoutAChannel) {
  Company company;
  company.settings.notices.enabled = false;
  company.require_notice(false);
  company.notify.channels.clear();
  company.add("ann", 0, "ann@example.com");
  const auto result = company.live(115);
  EXPECT_TRUE(days_with(result, [](const Day& day) { return day.tells() ? 1 : 0; }).empty());
  EXPECT_EQ(days_with(result, [](const Day& day) { return day.deleted; }), std::vector<std::size_t>{112});
}

TEST(Rehearsal, AChannelForProgramsIsToldInTheOwnersPlaceAndNoMailIsSent) {
  Company company;
  company.notify.channels[0].kind = notify::ChannelKind::sns;
  company.add("ann", 0);
  const auto result = company.live(115);
  EXPECT_EQ(days_with(result, [](const Day& day) { return day.deactivated; }), std::vector<std::size_t>{101});
  EXPECT_EQ(total(result).told[static_cast<std::size_t>(policy::NoticeKind::rotated)], 1U);
  EXPECT_EQ(total(result).mails + total(result).mails_to_nobody, 0U);
}

TEST(Rehearsal, NothingRetiresOfAUserWhoseOwnerNobodyKnows) {
  Company company;
  company.add("ann", 0);
  auto result = company.live(140);
  EXPECT_EQ(days_with(result, [](const Day& day) { return day.rotated; }), std::vector<std::size_t>{90});
  EXPECT_TRUE(days_with(result, [](const Day& day) { return day.deactivated; }).empty());
  ASSERT_EQ(result.held.size(), 1U);
  EXPECT_EQ(result.held[0].reason, policy::Reason::not_announced);
  EXPECT_EQ(total(result).mails, 0U);
  EXPECT_EQ(days_with(result, [](const Day& day) { return day.mails_to_nobody; }),
            (std::vector<std::size_t>{83, 87, 89, 90}))
      << "once for each thing to tell";

  company.require_notice(false);
  result = company.live(140);
  EXPECT_EQ(days_with(result, [](const Day& day) { return day.deactivated; }), std::vector<std::size_t>{101});
}

TEST(Rehearsal, ARetirementWaitsForItsAnnouncement) {
  Company company;
  company.settings.policy.organisation.notice_period = {days{20}, "test"};
  company.settings.policy.organisation.installation_grace = {days{10}, "test"};
  company.add("ann", 90, "ann@example.com");
  const auto deactivated = [&] { return days_with(company.live(30), [](const Day& day) { return day.deactivated; }); };
  EXPECT_EQ(deactivated(), std::vector<std::size_t>{20});
  company.require_notice(false);
  EXPECT_EQ(deactivated(), std::vector<std::size_t>{11});
}

TEST(Rehearsal, WhoWasToldBeforeTheBeginningIsNotToldAgain) {
  Company company;
  company.add("ann", 84, "ann@example.com");
  EXPECT_EQ(company.live(1).days[0].mails, 1U);
  company.set_told(0, policy::NoticeKind::rotation_soon, 7, start - days{1});
  EXPECT_EQ(days_with(company.live(6), [](const Day& day) { return day.mails; }), (std::vector<std::size_t>{3, 5}));
}

TEST(Rehearsal, AnOwnerWhoNeverMovesIsToldThatTheKeyIsHeldAndIsCutAtTheDeadline) {
  Company company;
  company.behaviour.never_install = 10'000;
  company.add("ann", 90, "ann@example.com");
  const auto result = company.live(60);
  EXPECT_EQ(days_with(result, [](const Day& day) { return told(day, policy::NoticeKind::in_use); }).front(), 11U);
  EXPECT_EQ(days_with(result, [](const Day& day) { return day.held; }).size(), 30U);
  EXPECT_EQ(days_with(result, [](const Day& day) { return day.cut; }), std::vector<std::size_t>{41});
  EXPECT_TRUE(result.held.empty());
  ASSERT_EQ(result.after.active_keys, 1U);
  EXPECT_EQ(result.after.rhythms.at(Rhythm::daily), 1U) << "whoever is cut off takes the new key";
}

TEST(Rehearsal, WhatIsHeldAtTheEndIsNamed) {
  Company company;
  company.behaviour.never_install = 10'000;
  company.add("ann", 90);
  const auto result = company.live(20);
  ASSERT_EQ(result.held.size(), 1U);
  EXPECT_EQ(result.held[0].user.str(), "ann");
  EXPECT_EQ(result.held[0].reason, policy::Reason::still_in_use);
  EXPECT_EQ(result.held[0].created, start - days{90});
}

TEST(Rehearsal, LimitsSpreadABacklogOldestFirst) {
  Company company;
  company.settings.limits.max_changes_per_account = 3;
  for (int user = 0; user < 10; ++user) company.add(fmt::format("user{}", user), 100 + user);
  const auto result = company.live(5);
  std::vector<std::size_t> rotated;
  std::vector<std::size_t> waiting;
  for (const Day& day : result.days) {
    rotated.push_back(day.rotated);
    waiting.push_back(day.waiting);
  }
  EXPECT_EQ(rotated, (std::vector<std::size_t>{3, 3, 3, 1, 0}));
  EXPECT_EQ(waiting, (std::vector<std::size_t>{7, 4, 1, 0, 0}));
  EXPECT_EQ(result.tallest, 0U);
}

TEST(Rehearsal, TheLimitOfARunHoldsOverAllAccounts) {
  Company company;
  company.settings.limits.max_changes = 4;
  for (int user = 0; user < 10; ++user) company.add(fmt::format("user{}", user), 100);
  EXPECT_EQ(company.live(1).days[0].rotated, 4U);
}

TEST(Rehearsal, AnOwnerGetsOneMailADayAndUsersWithoutOneAreCounted) {
  Company company;
  company.add("ann", 100, "team-a@example.com");
  company.add("bob", 100, "team-b@example.com");
  company.add("cid", 100, "team-b@example.com");
  company.add("dan", 100, "team-a@example.com team-b@example.com");
  company.add("eve", 100);
  const auto result = company.live(1);
  const auto& day = result.days[0];
  EXPECT_EQ(told(day, policy::NoticeKind::rotated), 4U);
  EXPECT_EQ(day.mails, 2U);
  EXPECT_EQ(day.owners, 2U);
  EXPECT_EQ(day.mails_to_nobody, 1U);
  EXPECT_EQ(result.owners.at(day.busiest), "team-b@example.com");
  EXPECT_EQ(day.busiest_notices, 3U);
  EXPECT_EQ(day.busiest_mails, 1U);
  EXPECT_EQ(result.before.unowned, 1U);
  EXPECT_EQ(result.before.owners, 2U);
}

TEST(Rehearsal, WhatIsTooMuchForOneMailComesInSeveral) {
  Company company;
  for (int user = 0; user < 61; ++user) company.add(fmt::format("user{}", user), 100, "team@example.com");
  company.settings.limits.max_changes = 1000;
  company.settings.limits.max_changes_per_account = 1000;
  const auto day = company.live(1).days[0];
  EXPECT_EQ(day.mails, 2U);
  EXPECT_EQ(day.owners, 1U);
}

TEST(Rehearsal, NobodyIsToldOfAUserWhoseTurnDoesNotCome) {
  Company company;
  company.settings.limits.max_changes = 1;
  company.add("ann", 101, "ann@example.com");
  company.add("bob", 100, "bob@example.com");
  const auto day = company.live(1).days[0];
  EXPECT_EQ(day.waiting, 1U);
  EXPECT_EQ(day.mails, 1U);
}

TEST(Rehearsal, StoppedEarlyItTellsWhatWasComputed) {
  Company company;
  company.add("ann", 89);
  Rehearsal rehearsal(company.model(), company.settings.limits, RehearsalOptions{});
  rehearsal.advance_a_day();
  rehearsal.advance_a_day();
  const auto result = rehearsal.result("a company");
  EXPECT_TRUE(result.interrupted());
  ASSERT_EQ(result.days.size(), 2U);
  EXPECT_EQ(result.days[1].rotated, 1U);
}

std::string text_of(const RehearsalReport& result) {
  std::string text;
  for (const Day& day : result.days) {
    text += fmt::format("{} {} {} {} {} {} {} {} {} {} {} {} {}\n", day.rotated, day.deactivated, day.cut, day.deleted,
                        day.recovered, day.warned, day.held, day.waiting, day.overdue, fmt::join(day.told, "/"),
                        fmt::format("{} {}", day.mails, day.mails_to_nobody), day.owners, day.busiest_notices);
  }
  for (const auto& held : result.held) {
    text += fmt::format("{} {} {} {}\n", held.account, held.user, policy::name(held.reason), held.detail);
  }
  return text;
}

/// A generated world with rules that are drawn too.
struct Drawn {
  explicit Drawn(std::uint64_t seed) : random(seed) {
    behaviour.seed = seed;
    behaviour.never_install = static_cast<unsigned>(random.below(3000));
    behaviour.install_after = days{random.below(20)};
    const auto set = [&](std::string_view rule, std::vector<std::string_view> choices) {
      if (!random.chance(0.5)) return;
      const auto text = choices[random.below(choices.size())];
      ASSERT_TRUE(settings.policy.organisation.set(rule, text, "drawn"));
    };
    set("rotation_period", {"20d", "30d", "60d", "180d"});
    set("installation_grace", {"2d", "5d", "30d", "36h"});
    set("recovery_grace", {"1d", "5d", "30d"});
    set("warn_period", {"0d", "1d", "14d", "40d"});
    set("in_use", {"hold", "warn", "ignore"});
    set("in_use_window", {"1d", "10d"});
    set("hard_deadline", {"never", "0d", "5d"});
    set("unused", {"retire", "rotate", "ignore"});
    set("two_active", {"hold", "evict-idle", "evict-least-recently-used"});
    set("idle_period", {"10d", "60d"});
    set("require_notice", {"true"});
    set("notice_period", {"1d", "20d"});
    settings.limits.max_changes_per_account = 1 + random.below(20);
    settings.notices.enabled = true;
    if (random.chance(0.5)) settings.notices.warn_days = {30, 5};
    configuration.notify = by_mail();
    if (random.chance(0.3)) configuration.notify.owner.fallback = {"default@example.com"};
    configuration.rotation = settings;
  }

  RehearsalReport live(bool look_at_everybody) {
    const auto loaded = sandbox::generate_world({behaviour.seed, 5, 60}, start);
    auto model = model_of(loaded.world, configuration, {}, behaviour, start);
    Rehearsal rehearsal(std::move(*model), settings.limits, RehearsalOptions{250, behaviour, {}, look_at_everybody});
    while (!rehearsal.over()) rehearsal.advance_a_day();
    return rehearsal.result("drawn");
  }

  Random random;
  rotation::Settings settings;
  config::Configuration configuration;
  Behaviour behaviour;
};

TEST(Rehearsal, LookingAtUsersOnlyWhenSomethingCanChangeTellsTheSameStory) {
  const auto seed = fakes::seed();
  for (std::uint64_t i = 0; i < 4; ++i) {
    Drawn drawn(seed + i);
    const auto quick = drawn.live(false);
    ASSERT_EQ(text_of(quick), text_of(drawn.live(true))) << fmt::format("seed {:x}", seed + i);
    EXPECT_GT(total(quick).rotated, 0U);
  }
}

TEST(Rehearsal, TheSameSeedTellsTheSameStory) {
  EXPECT_EQ(text_of(Drawn(5).live(false)), text_of(Drawn(5).live(false)));
  EXPECT_FALSE(text_of(Drawn(5).live(false)) == text_of(Drawn(6).live(false)));
}

TEST(Rehearsal, AWorldsSuspendedAndClosedOffAccountsAreLeftOutWithTheReason) {
  const auto loaded = sandbox::generate_world({}, start);
  const rotation::Settings settings;
  const auto model = model_of(loaded.world, {settings, {}}, {}, {}, start);
  ASSERT_TRUE(model);
  std::vector<std::string> reasons;
  for (const auto& left : model->left_out) reasons.push_back(left.why);
  std::ranges::sort(reasons);
  EXPECT_EQ(reasons, (std::vector<std::string>{"account is suspended", "denied: it has no role rekeyer-member",
                                               "management account (organization.management_account = false)"}));
  EXPECT_EQ(model->accounts.size(), 9U);
  EXPECT_GT(model->users.size(), 200U);
}

TEST(Rehearsal, ASecretWhoseUserIsGoneIsCountedByAnyOfOurTags) {
  auto loaded = sandbox::generate_world({}, start);
  rotation::Settings settings;
  settings.store.location = rotation::StoreLocation::member;
  rotation::Filter filter;
  filter.accounts = {loaded.world.organization.order[1]};
  const auto orphans = [&] { return model_of(loaded.world, {settings, {}}, filter, {}, start)->orphaned_secrets; };
  const auto before = orphans();
  auto& secrets = loaded.world.accounts.at(filter.accounts[0]).vaults[settings.store.region].secrets;
  for (const std::string tag : {"rekeyer:custody", "rekeyer:intent", "rekeyer:notice", "rekeyer:id", "other"}) {
    const UserName gone("gone-" + tag.substr(tag.find(':') + 1));
    const auto name = rotation::secret_name(settings.store.name_template, filter.accounts[0], gone);
    auto& secret = secrets[name.str()];
    secret.name = name.str();
    secret.tags[tag] = "1";
  }
  EXPECT_EQ(orphans() - before, 4U);
}

TEST(Rehearsal, AFilterNarrowsTheWorld) {
  const auto loaded = sandbox::generate_world({}, start);
  const rotation::Settings settings;
  rotation::Filter filter;
  filter.accounts = {loaded.world.organization.order[1]};
  const auto model = model_of(loaded.world, {settings, {}}, filter, {}, start);
  ASSERT_TRUE(model);
  ASSERT_EQ(model->accounts.size(), 1U);
  EXPECT_EQ(model->accounts[0].id, filter.accounts[0]);
}

}  // namespace
}  // namespace rekeyer::rehearsal
