// An account of the embedded AWS to be probed in virtual time: things of others in it, and a journal on disk.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "fakes/call_bench.hpp"
#include "fakes/known_key.hpp"
#include "fakes/temporary_folder.hpp"
#include "probe/account.hpp"
#include "probe/bench.hpp"
#include "probe/journal.hpp"
#include "probe/probing.hpp"
#include "sandbox/server/in_process.hpp"
#include "sandbox/world/world_file.hpp"

namespace rekeyer::probe {

class ProbedAccount : public testing::Test {
 protected:
  ProbedAccount() {
    constexpr std::string_view world = R"({
      "accounts": [{"id": "100000000000",
        "users": [{"name": "ann", "keys": [{"age": 10}]}],
        "secrets": [{"name": "app/database", "value": "not the probe's"}],
        "topics": [{"name": "alarms"}]}]})";
    auto loaded = sandbox::parse_world(world, 7, fakes::bench_start);
    EXPECT_TRUE(loaded) << loaded.error().message;
    provider = fakes::provider_of(loaded->caller.key, loaded->caller.secret);
    aws_itself.world = std::move(loaded->world);
  }

  Account account() {
    return {.caller = caller,
            .principal = {provider, Region("us-east-1"), id},
            .clock = bench.clock,
            .stop = stop,
            .run = RunId("0123456789abcdef"),
            .id = id,
            .arn = Arn("arn:aws:iam::100000000000:user/rekeyer-runner"),
            .partition = "aws"};
  }
  /// As everybody who is pointed at an endpoint of their own.
  static aws::CallerSettings settings() {
    aws::CallerSettings made;
    made.endpoints.default_endpoint_url = "http://127.0.0.1:5000";
    return made;
  }

  Journal journal() { return Journal::open(folder.file("run.journal")).value(); }
  std::vector<std::filesystem::path> journals() const { return journals_in(folder.path()); }

  /// All users, secrets and topics of the account, by name.
  std::set<std::string> holdings() {
    std::set<std::string> names;
    const auto& home = *aws_itself.world.find_account(id);
    for (const auto& [key, user] : home.iam.users) names.insert("user " + user.name.str());
    for (const auto& [region, vault] : home.vaults) {
      for (const auto& [name, secret] : vault.secrets) names.insert("secret " + name);
    }
    for (const auto& [arn, topic] : home.messages.topics) names.insert("topic " + arn);
    return names;
  }

  void apply_fault(std::string operation, sandbox::FaultKind kind, bool after, int times = 1) {
    sandbox::FaultRule rule;
    rule.operation = std::move(operation);
    rule.kind = kind;
    rule.after = after;
    rule.times = times;
    aws_itself.faults.add(std::move(rule));
  }

  /// Runs what has no result.
  void finish(Task<void> task) { bench.run(finished(std::move(task))); }
  void wait(Milliseconds time) { finish(bench.clock.sleep_for(time)); }
  Cleaning cleaned(std::vector<std::filesystem::path> files) {
    const auto here = account();
    auto cleaning = bench.run(clean(here, std::move(files)));
    EXPECT_TRUE(cleaning) << describe(cleaning.error());
    return cleaning ? *std::move(cleaning) : Cleaning{};
  }

  const AccountId id{"100000000000"};
  fakes::CallBench bench;
  fakes::TemporaryFolder folder;
  rotation::StopFlag stop;
  sandbox::Sandbox aws_itself{7};
  sandbox::InProcessTransport transport{aws_itself, bench.clock};
  std::shared_ptr<aws::CredentialsProvider> provider;
  aws::Caller caller{transport, bench.shifted, bench.random, bench.limiter, settings()};

 private:
  static Task<bool> finished(Task<void> task) {
    co_await std::move(task);
    co_return true;
  }
};

}  // namespace rekeyer::probe
