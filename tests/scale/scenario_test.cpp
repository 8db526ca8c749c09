// The whole machine over ten accounts: what it must keep whatever it costs.
#include "scale/scenario.hpp"

#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>
#include <fstream>
#include <set>
#include <sstream>

#include "aws/call/caller.hpp"
#include "scale/bounds.hpp"
#include "scale/tables.hpp"

namespace rekeyer::scale {
namespace {

ScenarioOptions ten_accounts(Day day) {
  ScenarioOptions options;
  options.accounts = 10;
  options.users_per_account = 4;
  options.day = day;
  std::ifstream file(REKEYER_DEFINITION);
  std::stringstream text;
  text << file.rdbuf();
  options.definition = text.str();
  return options;
}

std::size_t accounted_for(const ScenarioResult& result) {
  std::size_t all = 0;
  for (const auto& [status, count] : result.statuses) all += count;
  return all;
}

std::size_t with(const ScenarioResult& result, const std::string& status) {
  const auto found = result.statuses.find(status);
  return found == result.statuses.end() ? 0 : found->second;
}

/// The id of an account that a function was invoked for.
std::string account_of(const std::string& event) {
  const auto at = event.find("\"id\":\"");
  return at == std::string::npos ? "" : event.substr(at + 6, 12);
}

TEST(DistributedRun, EveryAccountIsAccountedFor) {
  const auto options = ten_accounts(Day::first);
  const auto result = play(options);
  ASSERT_TRUE(result.output) << result.output.error().name << ": " << result.output.error().cause;
  EXPECT_EQ(result.listed + result.skipped, 10U);
  EXPECT_EQ(accounted_for(result), 10U);
  EXPECT_EQ(with(result, "failed"), 0U);
  EXPECT_GT(result.rotated, 0U);
  const auto bounds = bounds_of(options, result);
  EXPECT_FALSE(bounds.empty());
  for (const auto& bound : bounds) EXPECT_TRUE(bound.holds()) << bound.of << ": " << bound.what;
}

TEST(DistributedRun, LimitHoldsOverAllFunctions) {
  auto options = ten_accounts(Day::first);
  options.max_changes = 5;
  const auto result = play(options);
  ASSERT_TRUE(result.output);
  EXPECT_EQ(result.rotated, 5U);
  EXPECT_EQ(accounted_for(result), 10U);
}

TEST(DistributedRun, AuditChangesNothing) {
  const auto result = play(ten_accounts(Day::audit));
  ASSERT_TRUE(result.output);
  EXPECT_EQ(result.rotated, 0U);
  EXPECT_EQ(result.entered, 0U);
  EXPECT_FALSE(result.steps.states.contains("Allot"));
  EXPECT_EQ(accounted_for(result), 10U);
}

TEST(DistributedRun, SameSeedSameNumbers) {
  const auto options = ten_accounts(Day::first);
  const auto one = boost::json::serialize(to_json({{options, play(options)}}));
  EXPECT_EQ(one, boost::json::serialize(to_json({{options, play(options)}})));
  auto other = options;
  other.seed = 2;
  EXPECT_NE(one, boost::json::serialize(to_json({{other, play(other)}})));
}

TEST(DistributedRun, AccountWhoseFunctionIsThrottledAwayIsReportedAsFailed) {
  auto options = ten_accounts(Day::first);
  const auto undisturbed = play(options);
  std::string tested_process;
  options.fate = [&tested_process](const std::string& function, const std::string& event) {
    if (function == "account" && tested_process.empty()) tested_process = account_of(event);
    return Fate{function == "account" && account_of(event) == tested_process, 0};
  };
  const auto result = play(options);
  ASSERT_TRUE(result.output);
  EXPECT_EQ(with(result, "failed"), 1U);
  EXPECT_EQ(accounted_for(result), 10U);
  EXPECT_EQ(result.steps.states.at("Survey").retries, 30U);
  EXPECT_EQ(with(result, "done") + with(result, "denied"), with(undisturbed, "done") + with(undisturbed, "denied") - 1);
}

TEST(DistributedRun, AccountWhoseFunctionDiesEachTimeIsReportedAsFailed) {
  auto options = ten_accounts(Day::first);
  std::string tested_process;
  options.fate = [&tested_process](const std::string& function, const std::string& event) {
    if (function == "account" && tested_process.empty()) tested_process = account_of(event);
    return Fate{false, function == "account" && account_of(event) == tested_process ? 3U : 0U};
  };
  const auto result = play(options);
  ASSERT_TRUE(result.output);
  EXPECT_EQ(with(result, "failed"), 1U);
  EXPECT_EQ(accounted_for(result), 10U);
  EXPECT_EQ(result.functions.at("account").died, 3U) << "two retries";
}

TEST(DistributedRun, FunctionThatDiesOnceIsTriedAgain) {
  auto options = ten_accounts(Day::first);
  std::set<std::string> died;
  options.fate = [&died](const std::string& function, const std::string& event) {
    // Only in the first pass, and there every account's function once, in the middle of its calls.
    const bool dies = function == "account" && died.insert(account_of(event)).second;
    return Fate{false, dies ? 4U : 0U};
  };
  const auto undisturbed = play(ten_accounts(Day::first));
  const auto result = play(options);
  ASSERT_TRUE(result.output);
  EXPECT_EQ(result.statuses, undisturbed.statuses);
  EXPECT_EQ(result.rotated, undisturbed.rotated);
  EXPECT_GT(result.functions.at("account").died, 5U);
}

sandbox::FaultRule trouble(sandbox::FaultKind kind, std::string operation, int times) {
  sandbox::FaultRule rule;
  rule.kind = kind;
  rule.operation = std::move(operation);
  rule.times = times;
  return rule;
}

TEST(DistributedRun, MinutesInWhichOrganizationsAnswersNobodyCostNoRun) {
  const auto undisturbed = play(ten_accounts(Day::first));
  auto options = ten_accounts(Day::first);
  // More than one invocation tries, and less than two.
  options.faults = {trouble(sandbox::FaultKind::error, "ListAccounts", aws::CallerSettings{}.max_attempts + 2)};
  const auto result = play(options);
  ASSERT_TRUE(result.output) << result.output.error().name;
  EXPECT_EQ(result.steps.states.at("Inventory").retries, 1U);
  EXPECT_EQ(result.statuses, undisturbed.statuses);
  EXPECT_EQ(result.rotated, undisturbed.rotated);
  EXPECT_GE(result.wall - undisturbed.wall, std::chrono::minutes{1});
}

TEST(DistributedRun, FunctionThatIsDeniedIsNotTriedAgain) {
  auto options = ten_accounts(Day::first);
  options.faults = {trouble(sandbox::FaultKind::deny, "ListAccounts", 0)};
  const auto result = play(options);
  ASSERT_FALSE(result.output);
  EXPECT_EQ(result.output.error().name, "rekeyer.AccessDenied");
  EXPECT_EQ(result.steps.states.at("Inventory").retries, 0U);
  EXPECT_EQ(result.rotated, 0U);
}

TEST(DistributedRun, SummaryIsWrittenWhereTheSurveyFailed) {
  auto options = ten_accounts(Day::first);
  options.tolerated_failure_percentage = 0;
  options.fate = [](const std::string& function, const std::string&) { return Fate{function == "account", 0}; };
  const auto result = play(options);
  ASSERT_TRUE(result.output) << result.output.error().name;
  EXPECT_EQ(result.steps.states.at("SurveyAccounts").caught, 1U);
  EXPECT_EQ(with(result, "failed"), result.listed);
  EXPECT_EQ(accounted_for(result), 10U);
  EXPECT_EQ(result.rotated, 0U);
}

TEST(DistributedRun, ShortTimeoutIsGoneOnFromWhereItStopped) {
  auto options = ten_accounts(Day::first);
  // A second for the survey; users are worked on four at a time, each for longer than that.
  options.users_per_account = 12;
  options.lambda.timeout = std::chrono::seconds(20 + 12);
  const auto result = play(options);
  ASSERT_TRUE(result.output);
  EXPECT_GT(result.steps.states.at("RotateRest").entered, 0U);
  EXPECT_EQ(with(result, "failed"), 0U);
  auto longer = options;
  longer.lambda.timeout = std::chrono::seconds(900);
  EXPECT_EQ(result.rotated, play(longer).rotated);
}

}  // namespace
}  // namespace rekeyer::scale

/// Killed processes wait for ever, some of them for one another: what they hold is no leak of the program's.
extern "C" const char* __asan_default_options();
extern "C" const char* __asan_default_options() { return "detect_leaks=0"; }
