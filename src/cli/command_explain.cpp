// rekeyer explain: one user's facts, rules and decision.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <optional>

#include "base/try.hpp"
#include "cli/commands.hpp"
#include "cli/runtime.hpp"
#include "engine/session.hpp"
#include "notify/deliver/aws_contacts.hpp"
#include "notify/deliver/owner_lookup.hpp"
#include "report/explain.hpp"
#include "rotation/not_there.hpp"
#include "rotation/survey.hpp"

namespace rekeyer::cli {
namespace {

/// Nobody has what was named: wrong usage.
Error refuse(std::string message) { return Error{ErrorKind::usage, std::move(message), {}, {}, {}}; }

/// The account asked for, as the scope knows it.
ResultTask<rotation::AccountTarget> find_target(rotation::AccountSource& source, AccountId account) {
  std::optional<rotation::AccountTarget> found;
  while (!found || found->skip) {  // to the end where it is not visited: the whole list knows which names are there
    CO_TRY(auto target, co_await source.next());
    if (!target) break;
    if (target->id == account) found = std::move(*target);
  }
  if (found && !found->skip) co_return *std::move(found);
  CO_TRY(const auto unknown, co_await source.unknown_names());
  if (!unknown.empty()) co_return fail(refuse(fmt::format("{}", fmt::join(unknown, "; "))));
  if (!found) co_return fail(refuse(fmt::format("account {} is not in scope", account)));
  co_return fail(refuse(fmt::format("account {} is skipped: {}", account, *found->skip)));
}

/// Whom a run would write to. Accounts are asked for contacts only where a run would: where there is a channel.
Task<report::ExplainedOwner> owner_of(const engine::Session& session, rotation::UserNotices user) {
  const auto& context = session.context();
  const auto& settings = context.notices();
  auto organizations = session.organizations();
  aws::AccountClient accounts(context.caller, context.principal);
  notify::AwsContacts contacts(organizations, accounts, session.self().account);
  notify::OwnerResolver resolver(settings.owner, contacts);
  auto owners =
      co_await notify::known_owners(settings.owner, settings.enabled() ? &resolver : nullptr, std::move(user));
  co_return report::ExplainedOwner{std::move(owners.addresses), std::move(owners.source), std::move(owners.why_nobody)};
}

/// The nearest name is worth a list of the account's users; without the right to it there is none.
Task<Error> no_such_user(rotation::ReadAccess& access, AccountId account, UserName user) {
  std::vector<std::string> known;
  const auto users = co_await access.iam().list_users();
  if (users) std::ranges::transform(*users, std::back_inserter(known), [](const auto& one) { return one.name.str(); });
  co_return refuse(
      rotation::not_there("--user", user.str(), fmt::format("account {} has no such user", account), known));
}

ResultTask<report::Explanation> explain(Runtime& runtime) {
  const auto& settings = runtime.settings();
  const auto& filter = runtime.options().filter;
  CO_TRY(const auto session, co_await engine::Session::open(runtime.context()));
  report::Explanation explanation;
  explanation.as_of = runtime.clock().now();
  if (!runtime.options().at.empty()) {
    CO_TRY(explanation.as_of, parse_at(runtime.options().at, explanation.as_of));
  }
  auto accounts = session.accounts(filter);
  CO_TRY(auto target, co_await find_target(accounts.source(), filter.accounts.front()));
  explanation.account_name = target.name;

  auto gateway = session.gateway();
  CO_TRY(auto access, co_await gateway.open_for_reading(target.id));
  CO_TRY(auto survey, co_await rotation::survey_account(*access, settings, target, explanation.as_of));
  if (survey.users.empty()) {
    co_return fail(co_await no_such_user(*access, target.id, filter.users.front()));
  }
  auto& user = survey.users.front();
  explanation.subject = user.context.subject;
  rotation::UserNotices told;
  told.subject = explanation.subject;
  told.account_email = target.email;
  explanation.owner = co_await owner_of(session, std::move(told));
  CO_TRY(explanation.state, co_await rotation::read_user(*access, settings, user.context, explanation.as_of));
  explanation.decision =
      policy::decide(explanation.state.facts, explanation.state.rules, policy::Force{}, explanation.as_of);
  co_return explanation;
}

Task<int> explain_to_output(Runtime& runtime) {
  const auto explanation = co_await explain(runtime);
  if (!explanation) co_return report_error(explanation.error());
  const auto& terminal = runtime.terminal();
  const auto text = runtime.options().format == report::Format::json
                        ? report::explain_json(*explanation)
                        : report::explain_text(*explanation, {terminal.colour_out, terminal.width, false});
  co_return print(text) ? exit_ok : exit_failed;
}

}  // namespace

int run_explain(const Options& options) {
  auto runtime = Runtime::create(options);
  if (!runtime) return report_error(runtime.error());
  return (*runtime)->run(explain_to_output(**runtime));
}

}  // namespace rekeyer::cli
