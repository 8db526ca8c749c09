// What a user costs once everything is read: the decision, and with it what the survey does for each user.
#include "policy/decision.hpp"

#include <benchmark/benchmark.h>

#include "policy/intent.hpp"
#include "policy/precedence.hpp"
#include "rotation/naming.hpp"
#include "rotation/user_state.hpp"

namespace rekeyer::bench {
namespace {

const Instant decided_at = std::chrono::sys_days{std::chrono::year{2026} / 3 / 1};
const AccountId account("111111111111");
const UserName user("ci-payments");
const AccessKeyId key("AKIAEXAMPLE000000001");

policy::UserFacts facts_of_age(std::chrono::days age) {
  policy::UserFacts facts;
  facts.account = account;
  facts.user = user;
  facts.keys.push_back(
      {key, KeyStatus::active, decided_at - age, LastUse::used(decided_at - std::chrono::hours{5}, "s3", "eu-west-1")});
  return facts;
}

void decide(benchmark::State& state, const policy::UserFacts& facts, bool quiet) {
  const policy::Rules rules;
  bool was_quiet = !quiet;
  for (auto _ : state) {
    auto decision = policy::decide(facts, rules, {}, decided_at);
    was_quiet = decision.quiet();
    benchmark::DoNotOptimize(decision);
  }
  if (was_quiet != quiet) state.SkipWithError("another decision than the one to be measured");
}

void decide_quiet(benchmark::State& state) { decide(state, facts_of_age(std::chrono::days{30}), true); }
BENCHMARK(decide_quiet)->Name("Decide/quiet");

void decide_due(benchmark::State& state) { decide(state, facts_of_age(std::chrono::days{120}), false); }
BENCHMARK(decide_due)->Name("Decide/due");

/// Secret and tags as the bulk lists give them → facts and rules → decision.
void survey_user(benchmark::State& state) {
  aws::SecretDescription secret;
  secret.name = rotation::secret_name(rotation::StoreSettings{}.name_template, account, user);
  secret.versions[rotation::version_token(account, user, key)].insert("AWSCURRENT");
  policy::Custody custody;
  custody.put({key, policy::KeyPhase::current, decided_at - std::chrono::days{30}, {}, false, {}});
  secret.tags = {{std::string(policy::custody_tag), policy::encode(custody).value()},
                 {std::string(policy::intent_tag), std::string(policy::no_intent)}};
  const policy::PolicyConfig config;
  rotation::UserContext context;
  context.subject.account = account;
  context.subject.user = user;
  context.subject.tags = {{"owner", "payments@example.com"}, {"team", "payments"}};
  context.subject.groups = {GroupName("deployers")};
  const auto unread = facts_of_age(std::chrono::days{30});
  bool quiet = false;
  for (auto _ : state) {
    auto facts = unread;
    policy::Rules rules;
    rotation::read_secret(secret, user, decided_at, facts);
    rotation::read_rules(config, context, decided_at, facts, rules);
    auto decision = policy::decide(facts, rules, {}, decided_at);
    quiet = decision.quiet();
    benchmark::DoNotOptimize(decision);
  }
  if (!quiet) state.SkipWithError("another decision than the one to be measured");
}
BENCHMARK(survey_user)->Name("Survey/user");

}  // namespace
}  // namespace rekeyer::bench
