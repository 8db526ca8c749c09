// rekeyer inventory: every key of the scope and what is known of it. Reads only.
#include <fmt/format.h>

#include <string>

#include "aws/services/account.hpp"
#include "base/try.hpp"
#include "cli/commands.hpp"
#include "cli/runtime.hpp"
#include "cli/terminal.hpp"
#include "engine/session.hpp"
#include "findings/collect.hpp"
#include "findings/output.hpp"
#include "notify/deliver/aws_contacts.hpp"

namespace rekeyer::cli {
namespace {

ResultTask<findings::Inventory> collect(Runtime& runtime) {
  CO_TRY(const auto session, co_await engine::Session::open(runtime.context()));
  const auto& notices = runtime.notices();
  auto accounts = session.accounts(runtime.options().filter);
  auto gateway = session.gateway();
  auto organizations = session.organizations();
  aws::AccountClient contacts_of_accounts(runtime.caller(), runtime.principal());
  notify::AwsContacts source(organizations, contacts_of_accounts, session.self().account);
  notify::OwnerResolver resolver(notices.owner, source);
  std::function<void(std::size_t, std::size_t)> progress;
  if (runtime.terminal().err) {
    progress = [](std::size_t seen, std::size_t users) {
      say(fmt::format("{}looked at {} accounts, {} users", erase_line, seen, users));
    };
  }
  const findings::CollectFrom from{.accounts = accounts.source(),
                                   .gateway = gateway,
                                   .settings = runtime.settings(),
                                   .owners = notices.owner,
                                   // Accounts are asked for contacts only where a run would ask them, too.
                                   .contacts = notices.enabled() ? &resolver : nullptr,
                                   .stop = runtime.stop(),
                                   .ids = runtime.options().ids};
  auto inventory = co_await findings::collect_inventory(from, runtime.clock().now(), std::move(progress));
  if (runtime.terminal().err) say(erase_line);
  co_return inventory;
}

std::string text_of(const findings::Inventory& inventory, const Options& options, const Terminal& terminal) {
  switch (options.format) {
    case report::Format::table:
      return findings::inventory_table(inventory, {terminal.colour_out, terminal.width, true});
    case report::Format::csv: return findings::inventory_csv(inventory);
    case report::Format::json:
      return options.json_lines ? findings::inventory_json_lines(inventory) : findings::inventory_json(inventory);
  }
  return {};
}

Task<int> inventory(Runtime& runtime) {
  const auto collected = co_await collect(runtime);
  if (!collected) co_return report_error(collected.error());
  const auto& terminal = runtime.terminal();
  if (!print(text_of(*collected, runtime.options(), terminal))) {
    say("rekeyer: the inventory could not be written to standard output\n");
    co_return exit_failed;
  }
  say(findings::inventory_summary(*collected, {terminal.colour_err, 0, false}));
  if (runtime.stop().requested()) co_return exit_interrupted;
  co_return findings::has_failures(*collected) ? exit_failed : exit_ok;
}

}  // namespace

int run_inventory(const Options& options) {
  auto runtime = Runtime::create(options);
  if (!runtime) return report_error(runtime.error());
  return (*runtime)->run(inventory(**runtime), "Stopping: accounts that were not begun are left out.");
}

}  // namespace rekeyer::cli
