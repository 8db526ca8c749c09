// rekeyer notify preview and rekeyer notify test: what a message looks like, and whether a channel works.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/try.hpp"
#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "engine/notifier.hpp"
#include "notify/render/samples.hpp"
#include "notify/render/template_source.hpp"

namespace rekeyer::cli {
namespace {

/// The sample as a mail, with the configuration's sender and help URL where it has them.
notify::Mail sample_mail(const notify::Templates& templates, const NotifyOptions& options,
                         const notify::Settings& settings) {
  switch (options.sample) {
    case Sample::account:
    case Sample::audit: {
      auto model = notify::sample_account_digest(options.sample == Sample::audit);
      if (!settings.from.empty()) model.sender = settings.from;
      return templates.render(model);
    }
    case Sample::administrators: {
      auto model = notify::sample_administrator_digest();
      if (!settings.from.empty()) model.sender = settings.from;
      return templates.render(model);
    }
    case Sample::notice: break;
  }
  auto model = notify::sample_owner_mail({notify::sample_notice(options.kind)});
  if (!settings.from.empty()) {
    model.sender = settings.from;
    model.help_url = settings.help_url;
  }
  return templates.render(model);
}

/// Needs no credentials with the built-in templates or a folder of them.
Task<int> preview(Runtime& runtime) {
  aws::S3Client s3(runtime.caller(), runtime.principal());
  const auto overrides = co_await notify::read_templates(runtime.notices().templates, s3);
  if (!overrides) co_return report_error(overrides.error());
  const auto templates = notify::Templates::with(*overrides);
  if (!templates) co_return report_error(templates.error());
  const auto& options = runtime.options().notify_options;
  const auto mail = sample_mail(*templates, options, runtime.notices());
  const auto text = options.html ? mail.html : fmt::format("Subject: {}\n\n{}", mail.subject, mail.text);
  co_return print(text.ends_with('\n') ? text : text + "\n") ? exit_ok : exit_failed;
}

Error usage(std::string message) { return Error{ErrorKind::usage, std::move(message), {}, {}, {}}; }

notify::Event sample_event(const Runtime& runtime, Instant now) {
  const auto notice = notify::sample_notice(runtime.options().notify_options.kind);
  auto event = notify::event_of(notice, {}, now, runtime.run_id());
  event.id += "/test/" + runtime.run_id().str();  // not taken for one that was there before
  event.headline = "Test: " + event.headline;
  return event;
}

ResultTask<std::string> send_mail(Runtime& runtime, notify::MailChannel& channel, const notify::Templates& templates) {
  const auto& options = runtime.options().notify_options;
  auto recipients = runtime.notices().administrators;
  if (!options.to.empty()) recipients = {options.to};
  if (recipients.empty()) co_return fail(usage("whom to? pass --to ADDRESS, or set notify.administrators"));
  auto mail = sample_mail(templates, options, runtime.notices());
  mail.subject = "Test: " + mail.subject;
  for (const auto& to : recipients) {
    mail.to = to;
    CO_TRY_VOID(co_await channel.send(mail));
  }
  co_return fmt::format("sent to {}", fmt::join(recipients, ", "));
}

ResultTask<std::string> send_sample(Runtime& runtime, const engine::Notifier& notifier) {
  const auto& wanted = runtime.options().notify_options.channel;
  for (const auto& channel : notifier.channels().mails) {
    if (channel->name() == wanted) co_return co_await send_mail(runtime, *channel, notifier.templates());
  }
  for (const auto& channel : notifier.channels().events) {
    if (channel->name() != wanted) continue;
    CO_TRY_VOID(co_await channel->publish({sample_event(runtime, runtime.clock().now())}));
    co_return std::string("published");
  }
  std::vector<std::string> names;
  for (const auto& channel : runtime.notices().channels) names.push_back(channel.name);
  co_return fail(usage(names.empty()
                           ? std::string("no [[notify.channel]] is configured")
                           : fmt::format("no channel is called `{}`; there is {}", wanted, fmt::join(names, ", "))));
}

Task<int> test(Runtime& runtime) {
  const auto session = co_await engine::Session::open(runtime.context());
  if (!session) co_return report_error(session.error());
  const auto notifier = co_await engine::Notifier::open(*session);
  if (!notifier) co_return report_error(notifier.error());
  const auto sent = co_await send_sample(runtime, **notifier);
  if (!sent) co_return report_error(sent.error());
  say(fmt::format("{}: {}\n", runtime.options().notify_options.channel, *sent));
  co_return exit_ok;
}

}  // namespace

int run_notify_preview(const Options& options) {
  auto runtime = Runtime::create(options);
  if (!runtime) return report_error(runtime.error());
  return (*runtime)->run(preview(**runtime));
}

int run_notify_test(const Options& options) {
  auto runtime = Runtime::create(options);
  if (!runtime) return report_error(runtime.error());
  return (*runtime)->run(test(**runtime));
}

}  // namespace rekeyer::cli
