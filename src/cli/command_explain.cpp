// rekeyer explain: one user's facts, rules and decision.
#include <fmt/format.h>

#include "base/try.hpp"
#include "cli/commands.hpp"
#include "cli/runtime.hpp"
#include "report/explain.hpp"
#include "rotation/configured_accounts.hpp"
#include "rotation/survey.hpp"

namespace rekeyer::cli {
namespace {

Error refuse(std::string message) { return Error{ErrorKind::rejected, std::move(message), {}, {}, {}}; }

/// The account asked for, as the scope knows it.
ResultTask<rotation::AccountTarget> find_target(rotation::AccountSource& source, AccountId account) {
  for (;;) {
    CO_TRY(auto target, co_await source.next());
    if (!target) co_return fail(refuse(fmt::format("account {} is not in scope", account)));
    if (target->id != account) continue;
    if (target->skip) co_return fail(refuse(fmt::format("account {} is skipped: {}", account, *target->skip)));
    co_return std::move(*target);
  }
}

ResultTask<report::Explanation> explain(Runtime& runtime) {
  const auto& settings = runtime.settings();
  const auto& filter = runtime.options().filter;
  CO_TRY(auto self, co_await rotation::read_self(runtime.caller(), runtime.principal()));
  report::Explanation explanation;
  explanation.as_of = runtime.clock().now();
  if (!runtime.options().at.empty()) {
    CO_TRY(explanation.as_of, parse_at(runtime.options().at, explanation.as_of));
  }
  rotation::ConfiguredAccounts accounts(runtime.caller(), runtime.principal(), self, settings, filter, &runtime.stop());
  CO_TRY(auto target, co_await find_target(accounts.source(), filter.accounts.front()));
  explanation.account_name = target.name;
  explanation.owner_tag = runtime.notices().owner.tag;

  rotation::AwsGateway gateway(runtime.caller(), runtime.principal(), self, settings, runtime.run_id());
  CO_TRY(auto access, co_await gateway.open_for_reading(target.id));
  CO_TRY(auto survey, co_await rotation::survey_account(*access, settings, target, explanation.as_of));
  if (survey.users.empty()) {
    co_return fail(refuse(fmt::format("account {} has no user {}", target.id, filter.users.front())));
  }
  auto& user = survey.users.front();
  explanation.subject = user.context.subject;
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
