#include "cli/messages.hpp"

#include "base/log.hpp"
#include "base/try.hpp"
#include "notify/ledger.hpp"
#include "notify/template_source.hpp"
#include "rotation/configured_accounts.hpp"

namespace rekeyer::cli {

Messages::Messages(Runtime& runtime, rotation::Self self)
    : runtime_(runtime),
      self_(std::move(self)),
      organizations_(runtime.caller(),
                     rotation::listing_principal(runtime.caller(), runtime.principal(), self_, runtime.settings())),
      accounts_(runtime.caller(), runtime.principal()),
      contacts_(organizations_, accounts_, self_.account),
      owners_(runtime.notices().owner, contacts_) {}

ResultTask<std::unique_ptr<Messages>> Messages::open(Runtime& runtime, rotation::Self self) {
  std::unique_ptr<Messages> messages(new Messages(runtime, std::move(self)));
  CO_TRY_VOID(co_await messages->build());
  co_return messages;
}

ResultTask<> Messages::build() {
  const auto& settings = runtime_.notices();
  aws::S3Client s3(runtime_.caller(), runtime_.principal());
  CO_TRY(auto overrides, co_await notify::read_templates(settings.templates, s3));
  CO_TRY(templates_, notify::Templates::with(overrides));
  CO_TRY(channels_, notify::make_channels(settings, runtime_.channel_parts()));
  co_return Result<>{};
}

notify::Dispatcher Messages::dispatcher() {
  return notify::Dispatcher({runtime_.notices(),
                             runtime_.settings(),
                             *templates_,
                             channels_,
                             owners_,
                             runtime_.clock(),
                             {runtime_.settings().store.location, self_.account},
                             self_.partition});
}

void Messages::say_what_failed(const notify::Dispatch& dispatch) const {
  for (const auto& channel : dispatch.failing_channels) log::error("a channel fails", {{"channel", channel}});
  for (const auto& problem : owners_.problems()) log::warn("owners may be missed", {{"problem", problem}});
  log::info("messages sent", {{"mails", std::to_string(dispatch.mails)},
                              {"mails not accepted", std::to_string(dispatch.refused_mails)},
                              {"events", std::to_string(dispatch.events)}});
}

Task<void> Messages::tell(rotation::WriteGateway& gateway, rotation::RunReport& report) {
  auto dispatch = co_await dispatcher().deliver(report);
  say_what_failed(dispatch);
  co_await notify::record_deliveries(gateway, runtime_.settings(), runtime_.clock(), std::move(dispatch), report);
}

Task<void> Messages::look(rotation::RunReport& report, bool audit) {
  auto dispatcher_of_plan = dispatcher();
  co_await dispatcher_of_plan.find_owners(report);
  if (!audit) co_return;
  const auto dispatch = co_await dispatcher_of_plan.send_audit(report);
  say_what_failed(dispatch);
}

}  // namespace rekeyer::cli
