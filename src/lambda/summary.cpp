#include "lambda/summary.hpp"

#include <algorithm>

#include "policy/change_order.hpp"

namespace rekeyer::lambda {
namespace {

constexpr std::string_view no_outcome =
    "its function left no outcome: it failed, ran out of time or was not started; see its log";

void add(Summary& summary, const AccountRecord& record) {
  auto& report = summary.report;
  for (const auto& [operation, count] : record.calls) report.calls[operation] += count;
  summary.mails_refused += record.mails_refused;
  for (const auto& channel : record.failing_channels) {
    auto& known = report.failing_channels;
    if (std::ranges::find(known, channel) == known.end()) known.push_back(channel);
  }
  if (report.started == Instant{} || record.started < report.started) report.started = record.started;
  report.finished = std::max(report.finished, record.finished);
}

/// Of an account that the second pass was not to enter: what is due there has to wait.
rotation::AccountOutcome left_alone(rotation::AccountOutcome outcome, const RunParts& parts) {
  if (parts.mode == rotation::Mode::plan || !parts.applied) return outcome;
  for (auto& action : outcome.actions) {
    if (!policy::is_change(action.action) || action.status != rotation::ActionStatus::planned) continue;
    action.status = rotation::ActionStatus::held;
    action.reason = rotation::RunReason::run_limit;
  }
  return outcome;
}

/// Of an account that the second pass entered: it saw those who have a share, the first one saw all.
rotation::AccountOutcome worked_on(rotation::AccountOutcome outcome, const std::optional<AccountRecord>& planned) {
  outcome.fitting = planned ? planned->outcome.fitting : std::nullopt;
  return outcome;
}

/// What the second pass left of an account; null where it was not to enter it.
const std::optional<AccountRecord>* applied_to(const RunParts& parts, const AccountId& account) {
  if (!parts.applied) return nullptr;
  const auto found = parts.applied->find(account);
  return found != parts.applied->end() ? &found->second : nullptr;
}

}  // namespace

Summary summarise(const RunParts& parts, Instant now) {
  Summary summary;
  auto& report = summary.report;
  report.run = RunId(parts.run);
  report.mode = parts.mode;
  const bool applying = parts.mode == rotation::Mode::apply;
  if (applying && !parts.applied) {
    report.incomplete = "the changes were not dealt out: nothing was changed; see the log of allot";
  }
  const auto lost = [](const rotation::AccountTarget& target) {
    return rotation::AccountOutcome(target, rotation::AccountStatus::failed, std::string(no_outcome));
  };
  for (std::size_t i = 0; i < parts.accounts.size(); ++i) {
    const auto& target = parts.accounts[i].target;
    const auto& planned = parts.planned[i];
    if (planned) add(summary, *planned);
    if (const auto* applied = applied_to(parts, target.id)) {
      if (*applied) add(summary, **applied);
      report.accounts.push_back(*applied ? worked_on((*applied)->outcome, planned) : lost(target));
    } else {
      report.accounts.push_back(planned ? left_alone(planned->outcome, parts) : lost(target));
    }
  }
  for (const auto& target : parts.skipped) {
    report.accounts.push_back(
        rotation::AccountOutcome(target, rotation::AccountStatus::skipped, target.skip.value_or("")));
  }
  if (report.started == Instant{}) report.started = now;
  report.finished = std::max(report.finished, report.started);
  return summary;
}

}  // namespace rekeyer::lambda
