// Outcomes for tests, in a line each.
#pragma once

#include <string>

#include "lambda/account_record.hpp"

namespace rekeyer::lambda::fixture {

inline const AccountId account{"111111111111"};
inline constexpr Instant day(int number) {
  return std::chrono::sys_days{std::chrono::year{2026} / 3 / 1} + std::chrono::days(number);
}

inline rotation::ActionOutcome row(std::string user, std::string key, policy::Action action,
                                   rotation::ActionStatus status,
                                   rotation::OutcomeReason reason = policy::Reason::rotation_due,
                                   std::optional<Instant> due = {}) {
  rotation::ActionOutcome outcome;
  outcome.account = account;
  outcome.user = UserName(std::move(user));
  outcome.key = AccessKeyId(std::move(key));
  outcome.action = action;
  outcome.status = status;
  outcome.reason = reason;
  outcome.due = due;
  return outcome;
}

inline rotation::ActionOutcome left(std::string user) {
  return row(std::move(user), "", policy::Action::hold, rotation::ActionStatus::held, rotation::RunReason::interrupted);
}

inline AccountRecord record(std::vector<rotation::ActionOutcome> actions, std::size_t users = 5) {
  AccountRecord record;
  record.outcome.id = account;
  record.outcome.users = users;
  record.outcome.looked_at = actions.size();
  record.outcome.actions = std::move(actions);
  record.started = day(0);
  record.finished = day(0) + std::chrono::minutes(1);
  return record;
}

/// "ann/K1 rotate done; bob/ hold held", in the order of the record.
inline std::string told(const AccountRecord& record) {
  std::string text;
  for (const auto& action : record.outcome.actions) {
    if (!text.empty()) text += "; ";
    text += action.user.str() + "/" + action.key.str() + " " + std::string(policy::name(action.action)) + " " +
            std::string(rotation::name(action.status));
  }
  return text;
}

}  // namespace rekeyer::lambda::fixture
