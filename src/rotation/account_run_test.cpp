// One account of a run: what the survey spares, who is counted how, and how a failure stays where it is.
#include "rotation/account_run.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <utility>

#include "fakes/rotation_bench.hpp"

namespace rekeyer::rotation {
namespace {

using fakes::Bench;
using fakes::Fault;
using fakes::shape;
using namespace std::chrono_literals;

constexpr std::chrono::hours whole_days(int n) { return std::chrono::hours{24 * n}; }

LastUse yesterday(const Bench& bench) { return LastUse::used(bench.clock.now() - 24h, "s3", "us-east-1"); }

std::size_t count(const Bench& bench, std::string_view operation) {
  return static_cast<std::size_t>(std::ranges::count(bench.account.log, operation));
}

/// The account's users are all rotated once, so that each has a secret of ours and nothing is due.
void settle(Bench& bench, int users) {
  for (int i = 0; i < users; ++i) {
    const auto name = "user" + std::to_string(i);
    bench.account.add_user(name);
    bench.account.add_key(name, whole_days(95), yesterday(bench));
  }
  bench.settings.limits.max_changes_per_account = 10'000;
  ASSERT_TRUE(bench.visit(Mode::apply, {}));
  bench.clock.advance(whole_days(1));
  ASSERT_TRUE(bench.visit(Mode::apply, {})) << "the locks of new secrets hold everywhere by now";
  bench.clock.advance(whole_days(2));
  bench.account.log.clear();
}

TEST(AccountRun, OfAQuietAccountCostsNothingPerUser) {
  Bench bench;
  settle(bench, 40);
  bench.settings.policy.organisation.set("warn_period", "0d", "test").value();
  const auto outcome = bench.visit(Mode::plan, {});
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->users, 40u);
  EXPECT_EQ(outcome->quiet, 40u);
  EXPECT_TRUE(outcome->actions.empty()) << shape(outcome->actions);
  EXPECT_EQ(bench.account.log.size(), 3u) << testing::PrintToString(bench.account.log);
}

TEST(AccountRun, PlansTheFirstDayWithoutACallForAnyUser) {
  const auto arrange = [](Bench& bench) {
    for (int i = 0; i < 40; ++i) {
      const auto name = "user" + std::to_string(i);
      bench.account.add_user(name);
      bench.account.add_key(name, whole_days(95), yesterday(bench));
      if (i % 2 == 1) bench.account.add_key(name, whole_days(20), yesterday(bench));
    }
  };
  Bench bench;
  arrange(bench);
  const auto outcome = bench.visit(Mode::plan, {});
  ASSERT_TRUE(outcome);
  EXPECT_EQ(bench.account.log.size(), 3u) << testing::PrintToString(bench.account.log);
  ASSERT_TRUE(outcome->report_made);
  const auto day = day_of(bench.clock.now() - whole_days(95));
  EXPECT_EQ(outcome->actions[0].key.str(), "slot 1 of " + day);

  Bench asked;
  arrange(asked);
  asked.options.ids = true;
  const auto named = asked.visit(Mode::plan, {});
  EXPECT_EQ(shape(named->actions), shape(outcome->actions)) << "the same but for the keys' names";
  EXPECT_TRUE(is_key_id(named->actions[0].key));
  EXPECT_EQ(count(asked, "ListAccessKeys"), 40u);
  EXPECT_EQ(count(asked, "GetAccessKeyLastUsed"), 0u);
}

TEST(AccountRun, LooksCloselyAtWhoeverHasARecordAndSomethingToChange) {
  Bench bench;
  settle(bench, 2);
  bench.clock.advance(whole_days(91));
  bench.account.log.clear();
  const auto outcome = bench.visit(Mode::plan, {});
  EXPECT_EQ(count(bench, "GetAccessKeyLastUsed"), 4u) << "of two users with two keys each";
  EXPECT_FALSE(outcome->report_made);
}

TEST(AccountRun, LooksCloselyWhereIdsShowThatTheReportIsOld) {
  Bench bench;
  bench.account.add_user("ann");
  bench.account.add_key("ann", whole_days(95), yesterday(bench));
  bench.account.before_each_call = [&] {
    if (bench.account.log.back() != "ListAccessKeys" || bench.account.log.size() > 4) return;
    bench.account.keys.clear();
    bench.account.add_key("ann", whole_days(1), yesterday(bench));
  };
  bench.options.ids = true;
  const auto outcome = bench.visit(Mode::plan, {});
  EXPECT_EQ(count(bench, "ListAccessKeys"), 2u);
  EXPECT_EQ(shape(outcome->actions), "") << "she has replaced it herself since";
}

TEST(AccountRun, PlansChangesWithoutMakingAny) {
  Bench bench;
  bench.account.add_user("ann");
  const auto key = bench.account.add_key("ann", whole_days(95), yesterday(bench));
  bench.options.ids = true;
  const auto outcome = bench.visit(Mode::plan, {});
  EXPECT_EQ(shape(outcome->actions), "rotate planned rotation_due");
  EXPECT_EQ(outcome->actions[0].key, key);
  EXPECT_EQ(bench.account.keys.size(), 1u);
  EXPECT_TRUE(bench.account.stored.empty());
}

TEST(AccountRun, AccountsForEveryUser) {
  Bench bench;
  bench.account.add_user("due");
  bench.account.add_key("due", whole_days(95), yesterday(bench));
  bench.account.add_user("young");
  bench.account.add_key("young", whole_days(5), yesterday(bench));
  bench.account.add_user("without-keys");
  bench.account.add_user("exempt", {}, {"IAMKeyRotationExemptionGroup"});
  bench.account.add_key("exempt", whole_days(300), yesterday(bench));
  const auto outcome = bench.visit(Mode::apply, {});
  EXPECT_EQ(outcome->users, 4u);
  EXPECT_EQ(outcome->quiet, 2u);
  EXPECT_EQ(outcome->exempt, 1u);
  EXPECT_EQ(outcome->turns_a_year, 24u);  // of two keys three steps in 90 days each
  EXPECT_EQ(shape(outcome->actions), "rotate done rotation_due, exempt held exempt");
}

TEST(AccountRun, ThatMayNotReadTheBulkListsOrCannotAsksUserByUserAndSeesTheSame) {
  for (const char* list : {"GetCredentialReport", "GetAccountAuthorizationDetails"}) {
    for (const ErrorKind kind : {ErrorKind::access_denied, ErrorKind::bad_reply}) {
      Bench bench;
      bench.account.add_user("ann");
      bench.account.add_key("ann", whole_days(95), yesterday(bench));
      bench.account.add_user("exempt", {}, {"IAMKeyRotationExemptionGroup"});
      bench.account.add_key("exempt", whole_days(300), yesterday(bench));
      bench.account.fault_of[list] = {Fault::Kind::refused, kind, std::string("iam:") + list};
      const auto outcome = bench.visit(Mode::plan, {});
      EXPECT_EQ(outcome->status, AccountStatus::done) << list << ": " << outcome->reason;
      EXPECT_EQ(shape(outcome->actions), "rotate planned rotation_due, exempt held exempt") << list;
    }
  }
}

TEST(AccountRun, ABulkListThatFailsForNowIsNotReadAnotherWay) {
  Bench bench;
  bench.account.add_user("ann");
  bench.account.fault_of["GetCredentialReport"] = {Fault::Kind::refused, ErrorKind::throttled,
                                                   "iam:GetCredentialReport"};
  EXPECT_EQ(bench.visit(Mode::plan, {})->status, AccountStatus::failed);
}

TEST(AccountRun, WhoseRowInTheReportIsOddIsLookedAtByHimselfAndHidesNobody) {
  Bench bench;
  for (const char* name : {"ann", "odd", "quiet"}) bench.account.add_user(name);
  for (const char* name : {"ann", "odd"}) bench.account.add_key(name, whole_days(95), yesterday(bench));
  bench.account.unreadable_in_report = {"odd", "quiet"};
  const auto outcome = bench.visit(Mode::apply, {});
  EXPECT_EQ(outcome->status, AccountStatus::done);
  EXPECT_EQ(shape(outcome->actions), "rotate done rotation_due, rotate done rotation_due");
  EXPECT_EQ(outcome->quiet, 1u);
}

TEST(AccountRun, ASecretOfANameThatNoUserCanHaveIsLeftAlone) {
  Bench bench;
  bench.account.add_user("ann");
  bench.account.add_key("ann", whole_days(5), yesterday(bench));
  for (const std::string& part : {std::string("a/b"), std::string(200, 'x'), std::string("a=3Db")}) {
    const SecretName name("Account_" + bench.account_id.str() + "_User_" + part + "_AccessKey");
    bench.account.stored[name].description.name = name;
    bench.account.stored[name].description.tags[std::string(policy::custody_tag)] = "1";
  }
  const auto outcome = bench.visit(Mode::apply, {});
  EXPECT_EQ(outcome->status, AccountStatus::done);
  EXPECT_EQ(shape(outcome->actions), "");
  for (const auto& [name, secret] : bench.account.stored) EXPECT_FALSE(secret.description.deleted) << name.str();
}

TEST(AccountRun, UnreadableExemptionGroupExemptsEverybody) {
  Bench bench;
  bench.account.add_user("ann");
  bench.account.add_key("ann", whole_days(95), yesterday(bench));
  bench.settings.discovery = Discovery::direct;
  bench.account.fault_of["GetGroup"] = {Fault::Kind::refused, ErrorKind::throttled};
  const auto outcome = bench.visit(Mode::apply, {});
  EXPECT_EQ(shape(outcome->actions), "exempt held exemption_unreadable");
  EXPECT_EQ(bench.account.keys.size(), 1u);
}

TEST(AccountRun, ThatCanNotListSecretsChangesNothing) {
  Bench bench;
  bench.account.add_user("ann");
  bench.account.add_key("ann", whole_days(95), yesterday(bench));
  bench.account.fault_of["ListSecrets"] = {Fault::Kind::refused, ErrorKind::access_denied};
  const auto outcome = bench.visit(Mode::apply, {});
  EXPECT_EQ(outcome->status, AccountStatus::denied);
  EXPECT_EQ(bench.account.keys.size(), 1u);
}

TEST(AccountRun, ThrottledLastUseRotatesButNeverRetires) {
  Bench bench;
  bench.account.add_user("ann");
  const auto old_key = bench.account.add_key("ann", whole_days(95), LastUse::never());
  bench.account.fault_of["GetAccessKeyLastUsed"] = {Fault::Kind::refused, ErrorKind::throttled};
  bench.apply("ann");
  EXPECT_EQ(bench.account.keys.at(old_key).status, KeyStatus::active);
  bench.clock.advance(whole_days(40));
  EXPECT_NE(shape(bench.apply("ann").value()).find("last_use_unknown"), std::string::npos);
  EXPECT_EQ(bench.account.keys.at(old_key).status, KeyStatus::active);
}

TEST(AccountRun, KeyDisabledTodayIsNotDeletedTodayAndNotReplaced) {
  Bench bench;
  bench.account.add_user("ann");
  const auto key = bench.account.add_key("ann", whole_days(400), yesterday(bench), KeyStatus::inactive);
  EXPECT_EQ(shape(bench.visit(Mode::apply, {})->actions), "hold held recovery_clock_started");
  bench.clock.advance(whole_days(9));
  bench.visit(Mode::apply, {});
  EXPECT_TRUE(bench.account.keys.contains(key));
  bench.clock.advance(whole_days(1) + 1min);
  EXPECT_EQ(shape(bench.visit(Mode::apply, {})->actions), "delete done recovery_over");
  EXPECT_TRUE(bench.account.keys.empty()) << "nothing new was issued";
}

TEST(AccountRun, SecretOfAUserThatIsGoneIsScheduledForDeletion) {
  Bench bench;
  settle(bench, 2);
  for (const auto& id : bench.account.keys_of("user1")) bench.account.keys.erase(id);
  bench.account.users.erase(UserName("user1"));
  EXPECT_NE(shape(bench.visit(Mode::plan, {})->actions).find("delete planned user_gone"), std::string::npos);
  bench.visit(Mode::apply, {});
  EXPECT_TRUE(bench.secret_of("user1")->deleted);
  EXPECT_FALSE(bench.secret_of("user0")->deleted);
}

TEST(AccountRun, ForeignSecretWithoutAUserIsLeftAlone) {
  Bench bench;
  const SecretName foreign("Account_111111111111_User_ghost_AccessKey");
  bench.account.stored[foreign].description.name = foreign;
  bench.visit(Mode::apply, {});
  EXPECT_FALSE(bench.account.stored[foreign].description.deleted);
}

TEST(AccountRun, LimitHoldsTheRestWithItsReason) {
  Bench bench;
  for (int i = 0; i < 5; ++i) {
    bench.account.add_user("user" + std::to_string(i));
    bench.account.add_key("user" + std::to_string(i), whole_days(95 + i), yesterday(bench));
  }
  bench.settings.limits.max_changes_per_account = 2;
  const auto outcome = bench.visit(Mode::apply, {});
  EXPECT_EQ(count(bench, "CreateAccessKey"), 2u);
  std::size_t held = 0;
  for (const auto& action : outcome->actions) held += action.reason == RunReason::account_limit ? 1 : 0;
  EXPECT_EQ(held, 3u);
  // The oldest come first.
  EXPECT_TRUE(bench.published_key("user4"));
  EXPECT_TRUE(bench.published_key("user3"));
}

TEST(AccountRun, LimitTakesTheOldestHoweverFastEachIsLookedAt) {
  for (const auto mode : {Mode::plan, Mode::apply}) {
    Bench bench;
    for (int i = 0; i < 4; ++i) {
      bench.account.add_user("user" + std::to_string(i));
      bench.account.add_key("user" + std::to_string(i), whole_days(95 + i), yesterday(bench));
    }
    bench.settings.limits.max_changes_per_account = 2;
    // The earlier a call, the later its reply: the youngest users' facts are there first.
    bench.account.latency = [next = Milliseconds{2000}]() mutable {
      return next = std::max(next - Milliseconds{50}, Milliseconds{1});
    };
    const auto outcome = bench.visit(mode, {});
    ASSERT_TRUE(outcome);
    for (const auto& action : outcome->actions) {
      const bool old = action.user == UserName("user3") || action.user == UserName("user2");
      EXPECT_EQ(name(action.reason), old ? "rotation_due" : "account_limit") << action.user.str() << "\n"
                                                                             << shape(outcome->actions);
    }
    EXPECT_EQ(outcome->actions.size(), 4u);
  }
}

/// Two users are due when the account is surveyed, and `meanwhile` happens before their turn comes.
std::string changed_after(Bench& bench, std::chrono::minutes wait, const std::function<void()>& meanwhile) {
  for (const auto* name : {"ann", "bob"}) {
    bench.account.add_user(name);
    bench.account.add_key(name, whole_days(95), yesterday(bench));
  }
  ChangeBudget budget(bench.settings.limits);
  const auto run = bench.context_of(budget);
  fakes::MemoryGateway gateway(bench.account);
  AccountTarget target;
  target.id = bench.account_id;
  AccountRun account(std::move(target), run, changing_steps(gateway, run)());
  const auto performed = [&](Task<void> step) {
    bench.run([](Task<void> one) -> Task<bool> {
      co_await std::move(one);
      co_return true;
    }(std::move(step)));
  };
  performed(account.survey());
  bench.clock.advance(wait);
  meanwhile();
  std::vector<UserName> turns;
  for (const auto& user : account.due()) turns.push_back(user.user);
  performed(account.change(turns));
  EXPECT_FALSE(account.waiting());
  return shape(account.take_outcome().actions);
}

TEST(AccountRun, WhoIsMadeExemptWhileOthersAreSurveyedIsNotChanged) {
  Bench bench;
  const auto actions = changed_after(bench, 40min, [&] {
    bench.account.users.at(UserName("ann")).tags["rekeyer:exempt"] = "by hand";
    bench.account.users.at(UserName("bob")).groups.emplace_back(bench.settings.policy.exempt_group);
  });
  EXPECT_EQ(actions, "exempt held exempt, exempt held exempt");
  EXPECT_EQ(bench.account.keys.size(), 2u);
}

TEST(AccountRun, LongAfterTheSurveyAsksOnceWhoIsExempt) {
  Bench bench;
  EXPECT_EQ(changed_after(bench, 40min, [] {}), "rotate done rotation_due, rotate done rotation_due");
  EXPECT_EQ(count(bench, "GetGroup"), 1u) << "once an account, however many are changed";
  EXPECT_EQ(count(bench, "GetUser"), 2u + 2u * 2u) << "who they are and their tags, and around each CreateAccessKey";
}

TEST(AccountRun, ThatCanNotReadTagsAgainChangesNothing) {
  Bench bench;
  const auto actions = changed_after(
      bench, 40min, [&] { bench.account.fault_of["GetUser"] = {Fault::Kind::refused, ErrorKind::throttled}; });
  EXPECT_EQ(actions, "exempt held exemption_unreadable, exempt held exemption_unreadable");
  EXPECT_EQ(bench.account.keys.size(), 2u);
}

TEST(AccountRun, RightAfterTheSurveyAsksNobodyAgain) {
  Bench bench;
  EXPECT_EQ(changed_after(bench, 5min, [] {}), "rotate done rotation_due, rotate done rotation_due");
  EXPECT_EQ(count(bench, "ListUserTags") + count(bench, "GetGroup"), 0u);
}

TEST(AccountRun, StoppedRunBeginsNoFurtherUserAndSaysSo) {
  Bench bench;
  for (int i = 0; i < 8; ++i) {
    bench.account.add_user("user" + std::to_string(i));
    bench.account.add_key("user" + std::to_string(i), whole_days(95), yesterday(bench));
  }
  bench.settings.limits.users_per_account = 1;
  bench.account.after_each_call = [&] {
    if (count(bench, "CreateAccessKey") == 1) bench.stop.request();
  };
  const auto outcome = bench.visit(Mode::apply, {});
  EXPECT_EQ(count(bench, "CreateAccessKey"), 1u);
  EXPECT_EQ(outcome->actions.size(), 8u);
  std::size_t done = 0;
  for (const auto& action : outcome->actions) done += action.status == ActionStatus::done ? 1 : 0;
  EXPECT_EQ(done, 1u) << "the key in hand was finished";
}

TEST(AccountRun, NamedUserThatDoesNotExistIsAFailureOnlyWhereConfigured) {
  Bench bench;
  AccountTarget target;
  target.users = {UserName("ghost")};
  EXPECT_TRUE(bench.visit(Mode::plan, target)->actions.empty());
  target.users_required = true;
  EXPECT_EQ(shape(bench.visit(Mode::plan, target)->actions), "hold failed user_not_found");
}

/// A sweep of the bench's account that refuses names which are not there.
RunReport careful_sweep(Bench& bench, AccountTarget target, std::vector<UserName> asked_for) {
  struct OneAccount final : AccountSource {
    std::optional<AccountTarget> target;
    ResultTask<std::optional<AccountTarget>> next() override { co_return std::exchange(target, {}); }
    ResultTask<std::vector<std::string>> unknown_names() override { co_return std::vector<std::string>{}; }
  } source;
  target.id = bench.account_id;
  source.target = std::move(target);
  ChangeBudget budget(bench.settings.limits);
  auto run = bench.context_of(budget);
  run.options.refuse_unknown_users = true;
  run.options.asked_for = std::move(asked_for);
  fakes::MemoryGateway gateway(bench.account);
  return bench.run(sweep(source, changing_steps(gateway, run), run, Mode::apply, {})).value();
}

TEST(AccountRun, AMisspeltUserEndsACarefulSweepBeforeAnythingIsChanged) {
  Bench bench;
  bench.account.add_user("ann");
  bench.account.add_key("ann", whole_days(95), yesterday(bench));
  AccountTarget target;
  target.users = {UserName("ann"), UserName("amn")};
  target.users_required = true;
  const auto configured = careful_sweep(bench, target, {});
  ASSERT_EQ(configured.unknown.size(), 1U);
  EXPECT_NE(configured.unknown.front().find(" amn: no user of that account; did you mean ann?"), std::string::npos)
      << configured.unknown.front();
  target.users_required = false;
  const auto asked = careful_sweep(bench, target, target.users);
  ASSERT_EQ(asked.unknown.size(), 1U);
  EXPECT_TRUE(asked.unknown.front().starts_with("--user amn: no user of account ")) << asked.unknown.front();
  EXPECT_EQ(count(bench, "CreateAccessKey"), 0U);
  EXPECT_TRUE(bench.account.stored.empty());
}

TEST(AccountRun, ACarefulSweepDoesTheSameWhereAllAreThere) {
  Bench bench;
  bench.account.add_user("ann");
  bench.account.add_key("ann", whole_days(95), yesterday(bench));
  AccountTarget target;
  target.users = {UserName("ann")};
  const auto report = careful_sweep(bench, target, target.users);
  EXPECT_TRUE(report.unknown.empty());
  EXPECT_EQ(count(bench, "CreateAccessKey"), 1U);
}

TEST(AccountRun, AnAccountThatCannotBeSurveyedMakesNobodyUnknown) {
  Bench bench;
  bench.account.fault_of["GetUser"] = {fakes::Fault::Kind::refused, ErrorKind::throttled};
  AccountTarget target;
  target.users = {UserName("ann")};
  const auto report = careful_sweep(bench, target, target.users);
  EXPECT_TRUE(report.unknown.empty());
  EXPECT_EQ(report.accounts.begin()->status, AccountStatus::failed);
}

TEST(AccountRun, TwoRunsDisagreeingWithAStaleReportChangeNothing) {
  Bench bench;
  settle(bench, 1);
  // The report is hours old: it still shows the single old key.
  const auto outcome = bench.visit(Mode::apply, {});
  EXPECT_EQ(count(bench, "CreateAccessKey"), 0u) << shape(outcome->actions);
}

}  // namespace
}  // namespace rekeyer::rotation
