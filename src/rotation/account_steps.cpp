#include "rotation/account_steps.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/try.hpp"
#include "rotation/adoption.hpp"
#include "rotation/leftover.hpp"
#include "rotation/relock.hpp"
#include "rotation/retire.hpp"
#include "rotation/user_work.hpp"

namespace rekeyer::rotation {
namespace {

ActionOutcome row_of_leftover(const AccountId& account, UserName user, const StepResult& result) {
  return user_row(account, std::move(user), policy::Action::remove, result.reason.value_or(RunReason::user_gone),
                  result.status, result.detail);
}

class PlanningSteps final : public AccountSteps {
 public:
  PlanningSteps(ReadGateway& gateway, const RunContext& run) : gateway_(gateway), run_(run) {}

  ResultTask<> open(AccountId account) override {
    CO_TRY(access_, co_await gateway_.open_for_reading(std::move(account)));
    co_return Result<>{};
  }
  ReadAccess& access() override { return *access_; }

  Task<std::vector<ActionOutcome>> secret_of_gone_user(AccountId account, NamedSecret left) override {
    if (run_.options.relock) {
      auto relocked = co_await plan_relock_of_gone(*access_, run_, std::move(account), std::move(left));
      co_return std::move(relocked.actions);
    }
    const auto seen = co_await look_at_leftover(*access_, run_.settings, run_.clock.now(), account, left);
    if (seen) {
      co_return std::vector{user_row(account, left.user, policy::Action::remove, RunReason::user_gone,
                                     ActionStatus::planned,
                                     fmt::format("secret {} of a user that is gone", left.secret.name))};
    }
    const auto& why = seen.error();
    co_return std::vector{
        row_of_leftover(account, left.user, why.done() ? step_held(RunReason::user_gone, why.detail) : why)};
  }

  Task<UserOutcome> user(Candidate user) override {
    if (run_.options.relock) return plan_relock(*access_, run_, std::move(user.context));
    if (run_.options.adopt_before) return plan_adoption(*access_, run_, std::move(user.context));
    if (user.picture) return plan_by_survey(*access_, run_, std::move(user.context), *std::move(user.picture));
    return plan_user(*access_, run_, std::move(user.context));
  }
  bool plans() const override { return true; }

 private:
  ReadGateway& gateway_;
  const RunContext& run_;
  std::unique_ptr<ReadAccess> access_;
};

class ChangingSteps final : public AccountSteps {
 public:
  ChangingSteps(WriteGateway& gateway, const RunContext& run) : gateway_(gateway), run_(run) {}

  ResultTask<> open(AccountId account) override {
    CO_TRY(access_, co_await gateway_.open_for_writing(std::move(account)));
    co_return Result<>{};
  }
  ReadAccess& access() override { return *access_; }

  Task<std::vector<ActionOutcome>> secret_of_gone_user(AccountId account, NamedSecret left) override {
    if (run_.options.relock) {
      auto relocked = co_await apply_relock_of_gone(*access_, run_, std::move(account), std::move(left));
      co_return std::move(relocked.actions);
    }
    KeyRetirer retirer(*access_, run_.settings, run_.clock);
    const auto removed = co_await retirer.remove_secret(account, left);
    co_return std::vector{row_of_leftover(account, left.user, removed)};
  }

  Task<UserOutcome> user(Candidate user) override {
    if (run_.options.relock) return apply_relock(*access_, run_, std::move(user.context));
    if (run_.options.adopt_before) return apply_adoption(*access_, run_, std::move(user.context));
    return apply_user(*access_, run_, std::move(user.context));
  }
  bool plans() const override { return false; }

 private:
  WriteGateway& gateway_;
  const RunContext& run_;
  std::unique_ptr<WriteAccess> access_;
};

}  // namespace

MakeSteps planning_steps(ReadGateway& gateway, const RunContext& run) {
  return [&gateway, &run] { return std::make_unique<PlanningSteps>(gateway, run); };
}

MakeSteps changing_steps(WriteGateway& gateway, const RunContext& run) {
  return [&gateway, &run] { return std::make_unique<ChangingSteps>(gateway, run); };
}

}  // namespace rekeyer::rotation
