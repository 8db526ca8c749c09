// A virtual clock, an account in memory and the rotation's own code on top: what tests of the protocol stand on.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "fakes/memory_account.hpp"
#include "policy/intent.hpp"
#include "rotation/account_run.hpp"
#include "rotation/inventory.hpp"
#include "rotation/naming.hpp"
#include "rotation/sweep.hpp"
#include "rotation/user_work.hpp"

namespace rekeyer::fakes {

/// The account as a run sees it once it is open.
class MemoryAccess final : public rotation::WriteAccess {
 public:
  explicit MemoryAccess(MemoryAccount& account) : account_(account) {}
  aws::IamReader& iam() override { return account_; }
  aws::SecretsReader& secrets() override { return account_; }
  aws::IamWriter& iam_writer() override { return account_; }
  aws::SecretsWriter& secrets_writer() override { return account_; }
  aws::IdentityReader& identity() override { return account_; }
  aws::KmsReader& kms() override { return account_; }
  std::string partition() const override { return "aws"; }
  rotation::Proofs& proofs() override { return *account_.shown_by; }
  rotation::StorePrincipal store_principal() const override { return account_.writes_secrets_as; }
  const AccessKeyId& signer_key() const override { return account_.signer; }

 private:
  MemoryAccount& account_;
};

/// Hands out the one account.
class MemoryGateway final : public rotation::WriteGateway {
 public:
  explicit MemoryGateway(MemoryAccount& account) : account_(account) {}
  ResultTask<std::unique_ptr<rotation::ReadAccess>> open_for_reading(AccountId) override {
    if (refusal) co_return fail(*refusal);
    co_return std::make_unique<MemoryAccess>(account_);
  }
  ResultTask<std::unique_ptr<rotation::WriteAccess>> open_for_writing(AccountId) override {
    if (refusal) co_return fail(*refusal);
    co_return std::make_unique<MemoryAccess>(account_);
  }
  std::optional<Error> refusal;

 private:
  MemoryAccount& account_;
};

struct Bench {
  Bench() { log::configure({log::Level::off, log::Format::text, false, {}, {}, {}}); }

  boost::asio::io_context context{1};
  VirtualClock clock{context, std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}};
  AccountId account_id{"111111111111"};
  MemoryAccount account{account_id, clock};
  rotation::Settings settings;
  rotation::RunOptions options;
  rotation::StopFlag stop;
  int runs = 0;
  std::optional<rotation::UserNotices> notices;  ///< of the last user that was planned or done
  bool crashed = false;

  /// Runs the task in virtual time. A planned Crash is noted; any other exception is the test's failure.
  template <class T>
  std::optional<T> run(Task<T> task) {
    std::optional<T> result;
    std::exception_ptr failure;
    bool ended = false;
    crashed = false;
    boost::asio::co_spawn(context, std::move(task), [&](std::exception_ptr thrown, T value) {
      ended = true;
      failure = thrown;
      if (!thrown) result = std::move(value);
    });
    if (!clock.run([&] { return !ended; })) throw std::logic_error("deadlock");
    if (failure) {
      try {
        std::rethrow_exception(failure);
      } catch (const Crash&) {
        crashed = true;
      }
    }
    return result;
  }

  rotation::RunContext context_of(rotation::ChangeBudget& budget) {
    options.run = RunId("run" + std::to_string(++runs));
    return {settings, clock, options, budget, stop};
  }
  rotation::UserContext user(const std::string& name) {
    rotation::UserContext context_of_user;
    context_of_user.subject.account = account_id;
    context_of_user.subject.user = UserName(name);
    context_of_user.subject.id = account.users.at(UserName(name)).user.id;
    context_of_user.subject.tags = account.users.at(UserName(name)).tags;
    context_of_user.subject.groups = account.users.at(UserName(name)).groups;
    return context_of_user;
  }
  /// One apply run for one user; nothing where it crashed.
  std::optional<std::vector<rotation::ActionOutcome>> apply(const std::string& name) {
    rotation::ChangeBudget budget(settings.limits);
    const auto run_context = context_of(budget);
    auto outcome = run(rotation::apply_user(account, run_context, user(name)));
    if (!outcome) return std::nullopt;
    notices = std::move(outcome->notices);
    return std::move(outcome->actions);
  }
  /// The run after the one that made the user's secret: its lock holds everywhere, so the secret is settled.
  void settle(const std::string& name) {
    clock.advance(std::chrono::minutes{6});
    apply(name);
  }
  /// So many apply runs for one user at the same time, each with its own run id. One that crashes just ends.
  void apply_at_once(const std::string& name, int count) {
    rotation::ChangeBudget budget(settings.limits);
    std::vector<std::unique_ptr<rotation::RunContext>> contexts;
    int running = count;
    for (int i = 0; i < count; ++i) {
      contexts.push_back(std::make_unique<rotation::RunContext>(context_of(budget)));
      boost::asio::co_spawn(context, rotation::apply_user(account, *contexts.back(), user(name)),
                            [&](std::exception_ptr, rotation::UserOutcome) { --running; });
    }
    if (!clock.run([&] { return running > 0; })) throw std::logic_error("deadlock");
  }
  std::vector<rotation::ActionOutcome> plan(const std::string& name) {
    rotation::ChangeBudget budget(settings.limits);
    const auto run_context = context_of(budget);
    auto outcome = run(rotation::plan_user(account, run_context, user(name))).value();
    notices = std::move(outcome.notices);
    return std::move(outcome.actions);
  }
  /// One whole account: a sweep of it alone. Nothing where it crashed.
  std::optional<rotation::AccountOutcome> visit(rotation::Mode mode, rotation::AccountTarget target) {
    struct OneAccount final : rotation::AccountSource {
      std::optional<rotation::AccountTarget> target;
      ResultTask<std::optional<rotation::AccountTarget>> next() override { co_return std::exchange(target, {}); }
      ResultTask<std::vector<std::string>> unknown_names() override { co_return std::vector<std::string>{}; }
    } source;
    rotation::ChangeBudget budget(settings.limits);
    const auto run_context = context_of(budget);
    MemoryGateway gateway(account);
    target.id = account_id;
    source.target = std::move(target);
    auto steps = mode == rotation::Mode::plan ? rotation::planning_steps(gateway, run_context)
                                              : rotation::changing_steps(gateway, run_context);
    auto report = run(rotation::sweep(source, std::move(steps), run_context, mode, {}));
    if (!report) return std::nullopt;
    return *report->accounts.begin();
  }

  aws::SecretDescription* secret_of(const std::string& name) {
    const auto found =
        account.stored.find(rotation::secret_name(settings.store.name_template, account_id, UserName(name)));
    return found == account.stored.end() ? nullptr : &found->second.description;
  }
  bool has_intent(const std::string& name) {
    const auto* secret = secret_of(name);
    if (secret == nullptr) return false;
    const auto tag = secret->tags.find(std::string(policy::intent_tag));
    return tag != secret->tags.end() && !tag->second.starts_with(policy::no_intent);
  }
  /// The key whose version is AWSCURRENT.
  std::optional<AccessKeyId> published_key(const std::string& name) {
    const auto* secret = secret_of(name);
    if (secret == nullptr) return std::nullopt;
    for (const auto& id : account.keys_of(name)) {
      const auto version = secret->versions.find(rotation::version_token(account_id, UserName(name), id));
      if (version != secret->versions.end() && version->second.contains("AWSCURRENT")) return id;
    }
    return std::nullopt;
  }
};

/// "rotate done", for short comparisons.
inline std::string shape(const std::vector<rotation::ActionOutcome>& outcomes) {
  std::string text;
  for (const auto& outcome : outcomes) {
    if (!text.empty()) text += ", ";
    text += std::string(policy::name(outcome.action)) + " " + std::string(rotation::name(outcome.status)) + " " +
            std::string(name(outcome.reason));
  }
  return text;
}

}  // namespace rekeyer::fakes
