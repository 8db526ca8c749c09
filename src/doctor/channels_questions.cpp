// Trying channels, as far as that goes without sending.
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "aws/services/eventbridge.hpp"
#include "aws/services/s3.hpp"
#include "aws/services/sns.hpp"
#include "doctor/channels.hpp"
#include "notify/channels/channel_principal.hpp"
#include "notify/channels/smtp_channel.hpp"
#include "notify/channels/webhook_channel.hpp"
#include "notify/model/address.hpp"
#include "notify/render/template_source.hpp"
#include "notify/render/templates.hpp"

namespace rekeyer::doctor {
namespace {

using notify::ChannelKind;

/// The file, or the folder in which it would be made. Nothing is written.
Result<> try_file(const std::string& path) {
  if (path == "-") return {};
  const bool there = ::access(path.c_str(), F_OK) == 0;
  auto folder = std::filesystem::path(path).parent_path();
  if (folder.empty()) folder = ".";
  if (::access(there ? path.c_str() : folder.c_str(), W_OK) == 0) return {};
  const auto why = std::generic_category().message(errno);
  return fail(ErrorKind::rejected, path + " can't be written: " + why);
}

Task<ChannelFacts> ask_ses(const engine::Context& context, ChannelFacts facts, std::string from) {
  aws::SesClient ses(context.caller, notify::channel_principal(facts.settings, context.channel_parts));
  auto account = co_await ses.sending_account();
  facts.account = std::move(account);
  if (!facts.settings.identity_arn.empty()) co_return facts;
  auto address = co_await ses.identity(from);
  const bool verified = address && address->verified;
  facts.address = std::move(address);
  if (verified) co_return facts;
  auto domain = co_await ses.identity(from.substr(from.find('@') + 1));
  facts.domain = std::move(domain);
  co_return facts;
}

Task<ChannelFacts> ask_sns(const engine::Context& context, ChannelFacts facts) {
  aws::SnsClient sns(context.caller, notify::channel_principal(facts.settings, context.channel_parts));
  const auto attributes = co_await sns.topic_attributes(Arn(facts.settings.topic_arn));
  if (!attributes) {
    facts.tried = fail(attributes.error());
    co_return facts;
  }
  const auto found = attributes->find("SubscriptionsConfirmed");
  if (found != attributes->end()) facts.subscriptions = found->second;
  co_return facts;
}

Task<ChannelFacts> ask_bus(const engine::Context& context, ChannelFacts facts) {
  aws::EventBridgeClient events(context.caller, notify::channel_principal(facts.settings, context.channel_parts));
  const auto bus = co_await events.bus(facts.settings.bus);
  if (!bus) facts.tried = fail(bus.error());
  co_return facts;
}

Task<ChannelFacts> ask_smtp(const engine::Context& context, ChannelFacts facts) {
  const auto& parts = context.channel_parts;
  notify::SmtpChannelParts own{
      .parameters = aws::SsmClient(parts.caller, notify::channel_principal(facts.settings, parts)),
      .executor = parts.executor,
      .clock = parts.clock,
      .random = parts.random,
      .limiter = parts.limiter,
      .tls = parts.tls,
      .timeouts = {.command = std::chrono::seconds{20}}};
  notify::SmtpChannel channel(std::move(own), {context.notices().from, {}}, facts.settings);
  auto tried = co_await channel.try_login();
  facts.tried = std::move(tried);
  co_return facts;
}

Task<ChannelFacts> ask_webhook(const engine::Context& context, ChannelFacts facts) {
  const auto& parts = context.channel_parts;
  notify::WebhookParts own{aws::SsmClient(parts.caller, notify::channel_principal(facts.settings, parts)),
                           parts.transport, parts.clock, parts.random, parts.limiter};
  notify::WebhookChannel channel(std::move(own), facts.settings);
  auto tried = co_await channel.try_parameters();
  facts.tried = std::move(tried);
  co_return facts;
}

Task<ChannelFacts> ask_channel(const engine::Context& context, notify::ChannelSettings settings, std::string from) {
  ChannelFacts facts;
  facts.settings = std::move(settings);
  switch (facts.settings.kind) {
    case ChannelKind::ses: co_return co_await ask_ses(context, std::move(facts), std::move(from));
    case ChannelKind::smtp: co_return co_await ask_smtp(context, std::move(facts));
    case ChannelKind::sns: co_return co_await ask_sns(context, std::move(facts));
    case ChannelKind::eventbridge: co_return co_await ask_bus(context, std::move(facts));
    case ChannelKind::webhook: co_return co_await ask_webhook(context, std::move(facts));
    case ChannelKind::file: facts.tried = try_file(facts.settings.path); break;
  }
  co_return facts;
}

}  // namespace

Task<ChannelsFacts> ask_channels(const engine::Context& context) {
  ChannelsFacts facts;
  const auto& notices = context.notices();
  if (!notices.enabled()) co_return facts;
  const auto from = notify::parse_mailbox(notices.from);
  facts.from = from ? from->address : notices.from;
  if (!notices.templates.empty()) {
    aws::S3Client s3(context.caller, context.principal);
    const auto texts = co_await notify::read_templates(notices.templates, s3);
    const auto templates = texts ? notify::Templates::with(*texts) : Result<notify::Templates>(fail(texts.error()));
    facts.templates = templates ? Result<>{} : Result<>(fail(templates.error()));
  }
  for (const auto& settings : notices.channels) {
    auto channel = co_await ask_channel(context, settings, facts.from);
    facts.channels.push_back(std::move(channel));
  }
  co_return facts;
}

}  // namespace rekeyer::doctor
