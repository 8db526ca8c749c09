#include "engine/notifier.hpp"

#include "base/log.hpp"
#include "base/try.hpp"
#include "notify/deliver/notice_recorder.hpp"
#include "notify/render/template_source.hpp"

namespace rekeyer::engine {

Notifier::Notifier(const Session& session)
    : context_(session.context()),
      self_(session.self()),
      organizations_(session.organizations()),
      accounts_(context_.caller, context_.principal),
      contacts_(organizations_, accounts_, self_.account),
      owners_(context_.notices().owner, contacts_) {}

ResultTask<std::unique_ptr<Notifier>> Notifier::open(const Session& session) {
  std::unique_ptr<Notifier> notifier(new Notifier(session));
  CO_TRY_VOID(co_await notifier->build());
  co_return notifier;
}

ResultTask<> Notifier::build() {
  const auto& settings = context_.notices();
  templates_ = context_.templates;
  if (templates_ == nullptr) {
    aws::S3Client s3(context_.caller, context_.principal);
    CO_TRY(auto overrides, co_await notify::read_templates(settings.templates, s3));
    CO_TRY(read_, notify::Templates::with(overrides));
    templates_ = &*read_;
  }
  CO_TRY(channels_, notify::make_channels(settings, context_.channel_parts));
  co_return Result<>{};
}

notify::Dispatcher Notifier::dispatcher() {
  return notify::Dispatcher({context_.notices(),
                             context_.settings(),
                             *templates_,
                             channels_,
                             owners_,
                             context_.clock,
                             {context_.settings().store.location, self_.account},
                             self_.partition});
}

void Notifier::say_what_failed(const notify::Dispatch& dispatch) const {
  for (const auto& channel : dispatch.failing_channels) log::error("a channel fails", {{"channel", channel}});
  for (const auto& problem : owners_.problems()) log::warn("owners may be missed", {{"problem", problem}});
  log::info("messages sent", {{"mails", std::to_string(dispatch.mails)},
                              {"mails not accepted", std::to_string(dispatch.refused_mails)},
                              {"events", std::to_string(dispatch.events)}});
}

Task<DeliverySummary> Notifier::tell(rotation::WriteGateway& gateway, rotation::RunReport& report,
                                     notify::Audience audience) {
  auto dispatch = co_await dispatcher().deliver(report, audience);
  say_what_failed(dispatch);
  DeliverySummary told{dispatch.failing_channels, dispatch.refused_mails};
  co_await notify::record_deliveries(gateway, context_.settings(), context_.clock, std::move(dispatch), report);
  co_return told;
}

Task<DeliverySummary> Notifier::tell_administrators(const rotation::RunReport& report,
                                                    std::vector<std::string> failing_channels) {
  auto dispatch = co_await dispatcher().tell_administrators(report, std::move(failing_channels));
  say_what_failed(dispatch);
  co_return DeliverySummary{std::move(dispatch.failing_channels), dispatch.refused_mails};
}

Task<void> Notifier::find_owners(rotation::RunReport& report) { co_await dispatcher().find_owners(report); }

Task<DeliverySummary> Notifier::send_audit(const rotation::RunReport& report) {
  auto dispatch = co_await dispatcher().send_audit(report);
  say_what_failed(dispatch);
  co_return DeliverySummary{std::move(dispatch.failing_channels), dispatch.refused_mails};
}

}  // namespace rekeyer::engine
