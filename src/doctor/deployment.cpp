#include "doctor/deployment.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "aws/http/json.hpp"
#include "aws/services/s3.hpp"
#include "base/try.hpp"

namespace rekeyer::doctor {
namespace {

using std::chrono::hours;

/// A daily run may be late by two hours.
constexpr auto stale = hours{26};
constexpr auto endless = hours{24};
constexpr int looked_at = 5;

Check judge_schedule(const DeploymentFacts& facts) {
  const auto& named = facts.deployment.schedule;
  if (!*facts.schedule) {
    const auto& error = facts.schedule->error();
    if (error.kind == ErrorKind::not_found) {
      return problem(Topic::deployment_schedule, fmt::format("there is no schedule {}", named),
                     "deploy it again, or name the right one: aws scheduler list-schedules");
    }
    return unanswered(Topic::deployment_schedule, "the schedule could not be looked at", error,
                      "scheduler:GetSchedule");
  }
  const auto& schedule = **facts.schedule;
  if (!schedule.enabled) {
    return problem(Topic::deployment_schedule, fmt::format("the schedule {} is disabled: nothing runs", named),
                   "enable it: in the deployment's parameters, or with aws scheduler update-schedule");
  }
  if (schedule.ends && *schedule.ends <= facts.now) {
    return problem(Topic::deployment_schedule,
                   fmt::format("the schedule {} ended at {}", named, iso8601(*schedule.ends)),
                   "take its end date away");
  }
  const auto& machine = facts.deployment.state_machine;
  if (!machine.empty() && schedule.target.str() != machine) {
    return problem(Topic::deployment_schedule,
                   fmt::format("the schedule {} starts {}, not the state machine", named, schedule.target),
                   "point its target to " + machine);
  }
  return ok(Topic::deployment_schedule,
            fmt::format("{} {} starts {}", schedule.expression, schedule.time_zone.empty() ? "UTC" : schedule.time_zone,
                        schedule.target));
}

Check judge_machine(const DeploymentFacts& facts) {
  const auto& machine = *facts.machine;
  if (machine) {
    if (machine->status.empty() || machine->status == "ACTIVE") {
      return ok(Topic::deployment_state_machine, fmt::format("{} is active", machine->name));
    }
    return problem(Topic::deployment_state_machine, fmt::format("{} is {}", machine->name, machine->status),
                   "deploy it again");
  }
  const auto& error = machine.error();
  if (error.kind == ErrorKind::not_found || error.code == "InvalidArn") {
    return problem(Topic::deployment_state_machine, "there is no state machine " + facts.deployment.state_machine,
                   "deploy it again, or name the right one: aws stepfunctions list-state-machines");
  }
  return unanswered(Topic::deployment_state_machine, "the state machine could not be looked at", error,
                    "states:DescribeStateMachine");
}

Check judge_executions(const DeploymentFacts& facts) {
  if (!*facts.executions) {
    return unanswered(Topic::deployment_executions, "the executions could not be listed", facts.executions->error(),
                      "states:ListExecutions");
  }
  const auto& executions = **facts.executions;
  if (executions.empty()) {
    return warning(Topic::deployment_executions, "the state machine has never been started",
                   "wait for the schedule, or start it: aws stepfunctions start-execution");
  }
  const auto& last = executions.front();
  if (last.status == "RUNNING" && facts.now - last.started > endless) {
    return problem(Topic::deployment_executions,
                   fmt::format("the execution {} has been running since {}", last.name, iso8601(last.started)),
                   "look at it in the console, and stop it: aws stepfunctions stop-execution");
  }
  const auto ended = std::ranges::find_if(executions, [](const auto& each) { return each.status != "RUNNING"; });
  if (ended == executions.end()) {
    return ok(Topic::deployment_executions, fmt::format("running since {}", iso8601(last.started)));
  }
  if (ended->status != "SUCCEEDED") {
    return problem(
        Topic::deployment_executions,
        fmt::format("the last execution, {} of {}, ended as {}", ended->name, iso8601(ended->started), ended->status),
        "read why: aws stepfunctions get-execution-history --reverse-order --execution-arn …");
  }
  const auto failed = std::ranges::count_if(
      executions, [](const auto& each) { return each.status != "RUNNING" && each.status != "SUCCEEDED"; });
  auto finding = fmt::format("the last one, {}, succeeded", iso8601(ended->started));
  if (failed == 0) return ok(Topic::deployment_executions, std::move(finding));
  return warning(Topic::deployment_executions,
                 fmt::format("{}, but {} of the last {} did not", finding, failed, executions.size()),
                 "read why: aws stepfunctions get-execution-history");
}

struct Latest {
  std::string run;
  std::string mode;
  Instant finished{};
  std::int64_t accounts_denied = 0;
  std::int64_t accounts_failed = 0;
  std::int64_t actions_failed = 0;
  std::string incomplete;  ///< why accounts may be missing; empty: none is
  std::vector<std::string> fits_nobody;
};

Result<Latest> read_latest(std::string_view text) {
  TRY(const auto json, aws::JsonValue::parse(text));
  Latest latest;
  TRY(const auto run, json.string("run"));
  TRY(const auto mode, json.string("mode"));
  TRY(latest.finished, json.time("finished"));
  latest.run = run;
  latest.mode = mode;
  TRY(const auto incomplete, json.optional_string("incomplete"));
  latest.incomplete = incomplete.value_or("");
  TRY(const auto nobody, json.optional_strings("fits_nobody"));
  latest.fits_nobody.assign(nobody.begin(), nobody.end());
  TRY(const auto totals, json.object("totals"));
  TRY(const auto accounts, totals.object("accounts"));
  TRY(latest.accounts_denied, accounts.integer("denied"));
  TRY(latest.accounts_failed, accounts.integer("failed"));
  TRY(const auto actions, totals.optional_object("actions"));
  if (!actions) return latest;
  for (const auto& [action, statuses] : actions->members()) {
    TRY(const auto failed, statuses.optional_integer("failed"));
    latest.actions_failed += failed.value_or(0);
  }
  return latest;
}

Check judge_latest(const DeploymentFacts& facts) {
  const auto& runs = facts.deployment.runs;
  if (!*facts.latest) {
    const auto& error = facts.latest->error();
    if (error.kind == ErrorKind::not_found) {
      return problem(Topic::deployment_runs, fmt::format("{} holds no latest.json: no run has ended yet", runs),
                     "wait for the schedule, or start the state machine");
    }
    return unanswered(Topic::deployment_runs, "latest.json could not be read", error,
                      "s3:GetObject and s3:ListBucket on the runs' folder");
  }
  const auto latest = read_latest(**facts.latest);
  if (!latest) {
    return problem(Topic::deployment_runs, fmt::format("latest.json can't be understood: {}", describe(latest.error())),
                   "is it the folder of REKEYER_RUNS, and written by this version of rekeyer?");
  }
  const auto age = std::chrono::floor<hours>(facts.now - latest->finished);
  const auto ended = fmt::format("run {} ({}) ended at {}", latest->run, latest->mode, iso8601(latest->finished));
  if (facts.now - latest->finished > stale) {
    return problem(Topic::deployment_runs, fmt::format("the last {}, {} hours ago", ended, age.count()),
                   "look at the schedule and at the state machine's last executions");
  }
  if (!latest->incomplete.empty()) {
    return warning(Topic::deployment_runs, fmt::format("{}: incomplete: {}", ended, latest->incomplete),
                   "look at the state machine's last execution");
  }
  if (latest->accounts_denied + latest->accounts_failed + latest->actions_failed > 0) {
    return warning(Topic::deployment_runs,
                   fmt::format("{}: {} accounts denied, {} failed, {} actions failed", ended, latest->accounts_denied,
                               latest->accounts_failed, latest->actions_failed),
                   fmt::format("read {}{}{}/report.json", runs, runs.ends_with('/') ? "" : "/", latest->run));
  }
  if (!latest->fits_nobody.empty()) {
    return warning(Topic::deployment_runs,
                   fmt::format("{}: no user fits {}", ended, fmt::join(latest->fits_nobody, "; ")),
                   "correct the pattern, or take the rule away");
  }
  return ok(Topic::deployment_runs, ended);
}

std::pair<std::string, std::string> group_and_name(const std::string& schedule) {
  const auto slash = schedule.find('/');
  if (slash == std::string::npos) return {{}, schedule};
  return {schedule.substr(0, slash), schedule.substr(slash + 1)};
}

ResultTask<std::string> ask_latest(const engine::Context& context, std::string runs) {
  CO_TRY(const auto place, parse_runs(runs));
  aws::S3Client s3(context.caller, context.principal);
  auto text = co_await s3.object(place.first, place.second + "latest.json");
  co_return text;
}

}  // namespace

Result<std::pair<std::string, std::string>> parse_runs(std::string_view where) {
  constexpr std::string_view scheme = "s3://";
  if (!where.starts_with(scheme) || where.size() == scheme.size() || where[scheme.size()] == '/') {
    return fail(ErrorKind::usage,
                fmt::format("the folder of the runs is given as s3://bucket/prefix, not `{}`", where));
  }
  where.remove_prefix(scheme.size());
  const auto slash = where.find('/');
  std::string prefix(slash == std::string_view::npos ? std::string_view() : where.substr(slash + 1));
  if (!prefix.empty() && !prefix.ends_with('/')) prefix += '/';
  return std::pair{std::string(where.substr(0, slash)), std::move(prefix)};
}

Checks judge(const DeploymentFacts& facts) {
  if (!facts.deployment.named()) {
    return {not_checked(Topic::deployment_schedule, "no deployment on AWS was named",
                        "name it: --schedule, --state-machine, --runs (REKEYER_RUNS)")};
  }
  Checks checks;
  if (facts.schedule) checks.push_back(judge_schedule(facts));
  if (facts.machine) checks.push_back(judge_machine(facts));
  if (facts.executions) checks.push_back(judge_executions(facts));
  if (facts.latest) checks.push_back(judge_latest(facts));
  return checks;
}

Task<DeploymentFacts> ask_deployment(const engine::Context& context, Deployment deployment) {
  DeploymentFacts facts;
  facts.deployment = deployment;
  facts.now = context.clock.now();
  if (!deployment.schedule.empty()) {
    aws::SchedulerClient scheduler(context.caller, context.principal);
    const auto [group, name] = group_and_name(deployment.schedule);
    auto schedule = co_await scheduler.schedule(group, name);
    facts.schedule = std::move(schedule);
  }
  if (!deployment.state_machine.empty()) {
    const Arn arn(deployment.state_machine);
    aws::StepFunctionsClient states(context.caller, context.principal);
    auto machine = co_await states.state_machine(arn);
    if (machine) {
      auto executions = co_await states.latest_executions(arn, looked_at);
      facts.executions = std::move(executions);
    }
    facts.machine = std::move(machine);
  }
  if (!deployment.runs.empty()) {
    auto latest = co_await ask_latest(context, deployment.runs);
    facts.latest = std::move(latest);
  }
  co_return facts;
}

}  // namespace rekeyer::doctor
