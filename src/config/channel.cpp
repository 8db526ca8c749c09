// [[notify.channel]]: one way out each. A type takes only what means something to it.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "config/keys.hpp"
#include "config/names.hpp"

namespace rekeyer::config {
namespace {

using notify::ChannelKind;
using notify::ChannelSettings;
using notify::SmtpSecurity;
using notify::WebhookBody;

constexpr std::array<std::pair<std::string_view, ChannelKind>, 6> kinds{{{"ses", ChannelKind::ses},
                                                                         {"smtp", ChannelKind::smtp},
                                                                         {"sns", ChannelKind::sns},
                                                                         {"webhook", ChannelKind::webhook},
                                                                         {"eventbridge", ChannelKind::eventbridge},
                                                                         {"file", ChannelKind::file}}};

std::string_view name_of(ChannelKind kind) {
  return std::ranges::find(kinds, kind, &std::pair<std::string_view, ChannelKind>::second)->first;
}

ChannelSettings& channel(Draft& draft) { return draft.notify.channels.back(); }

void read_type(Draft& draft, const Entry& entry) {
  draft.channel_kind = read_choice<ChannelKind>(draft, entry, kinds);
  if (draft.channel_kind) channel(draft).kind = *draft.channel_kind;
}

template <std::string ChannelSettings::* text, Complaint (*check)(std::string_view)>
void read_field(Draft& draft, const Entry& entry) {
  if (auto value = read_checked(draft, entry, check, Empty::refused)) channel(draft).*text = *std::move(value);
}

void read_channel_region(Draft& draft, const Entry& entry) {
  if (auto text = read_checked(draft, entry, check_region, Empty::refused)) {
    channel(draft).region = Region(*std::move(text));
  }
}

void read_rate(Draft& draft, const Entry& entry) {
  constexpr auto accepted = [](double rate) { return rate >= 0.1 && rate <= 1000; };
  if (const auto rate = read_decimal(draft, entry, "a number from 0.1 to 1000", accepted)) channel(draft).rate = *rate;
}

void read_events(Draft& draft, const Entry& entry) {
  std::vector<std::string_view> known;
  for (const auto kind : policy::all_notice_kinds()) known.push_back(policy::name(kind));
  const auto before = draft.problems.size();
  for (const auto& [text, place] : read_list(draft, entry)) {
    if (const auto kind = policy::parse_notice_kind(text)) {
      channel(draft).events.push_back(*kind);
    } else {
      draft.report(place, fmt::format("`{}`: {} is none of {}{}", entry.full_name, shown(text), fmt::join(known, ", "),
                                      did_you_mean(text, known)));
    }
  }
  // An empty list means "all" to the channel, which nobody who writes one expects.
  if (channel(draft).events.empty() && draft.problems.size() == before) {
    draft.report(
        entry.value().place,
        fmt::format("`{}` is empty, so nothing would be sent; remove the line for all of them", entry.full_name));
  }
}

void read_port(Draft& draft, const Entry& entry) {
  if (const auto number = read_number(draft, entry)) channel(draft).port = static_cast<std::uint16_t>(*number);
}

void read_security(Draft& draft, const Entry& entry) {
  static constexpr std::array<std::pair<std::string_view, SmtpSecurity>, 2> choices{
      {{"tls", SmtpSecurity::tls}, {"starttls", SmtpSecurity::starttls}}};
  if (const auto choice = read_choice<SmtpSecurity>(draft, entry, choices)) channel(draft).security = *choice;
}

void read_body(Draft& draft, const Entry& entry) {
  static constexpr std::array<std::pair<std::string_view, WebhookBody>, 3> choices{
      {{"slack", WebhookBody::slack}, {"teams", WebhookBody::teams}, {"json", WebhookBody::json}}};
  if (const auto choice = read_choice<WebhookBody>(draft, entry, choices)) channel(draft).body = *choice;
}

Complaint check_path(std::string_view text) {
  if (!text.empty()) return std::nullopt;
  return R"(must name a file; "-" is standard output)";
}

/// Which types take a key; keys that are not here are for all.
struct Field {
  std::string_view name;
  std::vector<ChannelKind> of;
};
const std::vector<Field>& fields() {
  using enum ChannelKind;
  static const std::vector<Field> all{{"region", {ses, sns, eventbridge}},
                                      {"rate", {ses, smtp, sns, webhook, eventbridge}},
                                      {"events", {sns, webhook, eventbridge, file}},
                                      {"identity_arn", {ses}},
                                      {"configuration_set", {ses}},
                                      {"host", {smtp}},
                                      {"port", {smtp}},
                                      {"security", {smtp}},
                                      {"user_parameter", {smtp}},
                                      {"password_parameter", {smtp}},
                                      {"topic_arn", {sns}},
                                      {"url", {webhook}},
                                      {"url_parameter", {webhook}},
                                      {"body", {webhook}},
                                      {"hmac_parameter", {webhook}},
                                      {"bus", {eventbridge}},
                                      {"path", {file}}};
  return all;
}

void check_belonging(Draft& draft, const Node& node, ChannelKind kind) {
  for (const auto& member : node.members) {
    const auto field = std::ranges::find(fields(), member.name, &Field::name);
    if (field == fields().end() || std::ranges::find(field->of, kind) != field->of.end()) continue;
    std::vector<std::string> types;
    for (const auto of : field->of) types.push_back(fmt::format("\"{}\"", name_of(of)));
    draft.report(member.place, fmt::format("`notify.channel.{}` is for type = {}; this channel's type is \"{}\"",
                                           member.name, fmt::join(types, ", "), name_of(kind)));
  }
}

bool has(const Node& node, std::string_view name) { return find_member(node, name) != nullptr; }

void demand(Draft& draft, SourcePosition place, const Node& node, std::string_view name, std::string_view example) {
  if (has(node, name)) return;
  draft.report(place, fmt::format("[[notify.channel]] of type \"{}\" has no `{}`; write {} = {}",
                                  name_of(channel(draft).kind), name, name, example));
}

/// A service is asked in the region that the ARN of its topic, bus or identity names.
void settle_region(Draft& draft, const Node& node, std::string_view key, std::string_view arn) {
  const auto named = region_of_arn(arn);
  if (named.empty()) return;
  auto& region = channel(draft).region;
  if (!region.empty() && region.str() != named) {
    draft.report(
        find_member(node, "region")->value.place,
        fmt::format("`notify.channel.region` is {}, and `{}` is in {}; remove the region", region, key, named));
  }
  region = Region(std::string(named));
}

void check_smtp(Draft& draft, SourcePosition place, const Node& node) {
  demand(draft, place, node, "host", R"("mail.example.com")");
  for (const auto& [one, other] :
       {std::pair("user_parameter", "password_parameter"), std::pair("password_parameter", "user_parameter")}) {
    if (!has(node, one) || has(node, other)) continue;
    draft.report(find_member(node, one)->place,
                 fmt::format("`notify.channel.{}` needs `{}` too; without both of them nobody logs in", one, other));
  }
}

void check_webhook(Draft& draft, SourcePosition place, const Node& node) {
  if (!has(node, "url") && !has(node, "url_parameter")) {
    draft.report(place,
                 "[[notify.channel]] of type \"webhook\" has no `url_parameter`; write url_parameter = "
                 "\"/rekeyer/webhook\", the parameter that holds the URL, or the `url` itself where it is no secret");
  }
  if (has(node, "url") && has(node, "url_parameter")) {
    draft.report(find_member(node, "url_parameter")->place,
                 "`notify.channel.url` and `url_parameter` both say where to send; remove one");
  }
  if (has(node, "hmac_parameter") && channel(draft).body != WebhookBody::json) {
    draft.report(find_member(node, "hmac_parameter")->place,
                 "`notify.channel.hmac_parameter` signs body = \"json\" only; chat services check no signature");
  }
}

void check_by_kind(Draft& draft, SourcePosition place, const Node& node) {
  const auto& settings = channel(draft);
  switch (settings.kind) {
    case ChannelKind::ses: return settle_region(draft, node, "identity_arn", settings.identity_arn);
    case ChannelKind::smtp: return check_smtp(draft, place, node);
    case ChannelKind::sns:
      demand(draft, place, node, "topic_arn", R"("arn:aws:sns:eu-west-1:111111111111:access-keys")");
      return settle_region(draft, node, "topic_arn", settings.topic_arn);
    case ChannelKind::webhook: return check_webhook(draft, place, node);
    case ChannelKind::eventbridge: return settle_region(draft, node, "bus", settings.bus);
    case ChannelKind::file: return demand(draft, place, node, "path", R"("notices.jsonl")");
  }
}

void check_name_is_free(Draft& draft, SourcePosition place, const Node& node) {
  const auto& channels = draft.notify.channels;
  const auto& name = channels.back().name;
  if (std::ranges::find(channels.begin(), channels.end() - 1, name, &ChannelSettings::name) == channels.end() - 1) {
    return;
  }
  const auto* named = find_member(node, "name");
  draft.report(named == nullptr ? place : named->value.place,
               fmt::format("two channels are called \"{}\"; give this one a `name` of its own", name));
}

}  // namespace

void begin_channel(Draft& draft, SourcePosition place) {
  draft.channel_kind.reset();
  draft.channel_places.push_back(place);
  draft.notify.channels.emplace_back();
}

void end_channel(Draft& draft, SourcePosition place, const Node& node) {
  if (!draft.channel_kind) {
    draft.channels_unclear = true;
    if (!has(node, "type")) {
      draft.report(place,
                   "[[notify.channel]] has no `type`; write type = \"ses\", or smtp, sns, webhook, eventbridge, file");
    }
    return;
  }
  if (channel(draft).name.empty() && !has(node, "name")) channel(draft).name = name_of(*draft.channel_kind);
  check_belonging(draft, node, *draft.channel_kind);
  check_by_kind(draft, place, node);
  check_name_is_free(draft, place, node);
}

std::span<const Key> channel_keys() {
  static constexpr std::array<Key, 19> keys{{
      {"type", "", "ses, smtp, sns, webhook, eventbridge or file", "The kind of channel.", read_type},
      {"name", "", "1 to 64 letters, digits and ._-", "What reports call it; without, its type.",
       read_field<&ChannelSettings::name, check_channel_name>},
      {"rate", "10", "a number from 0.1 to 1000", "Messages a second at most (all types but file).", read_rate},
      {"events", "",
       "a list of rotation-soon, unused, two-keys, rotated, deactivation-soon, in-use, deactivated, deletion-soon, "
       "deleted, recovered, exemption-ending, failed",
       "Only these (sns, webhook, eventbridge, file); without, all of them.", read_events},
      {"region", "", "a region", "Where the service is asked (ses, sns, eventbridge); without, in the caller's.",
       read_channel_region},
      {"identity_arn", "", "an ARN", "ses: the identity to send by, where another account owns it.",
       read_field<&ChannelSettings::identity_arn, check_identity_arn>},
      {"configuration_set", "", "a name", "ses: the configuration set, for bounces and complaints.",
       read_field<&ChannelSettings::configuration_set, check_configuration_set>},
      {"host", "", "a server's name", "smtp: the mail server. Required.",
       read_field<&ChannelSettings::host, check_host>},
      {"port", "", "", "smtp: without, 465 with tls and 587 with starttls.", read_port, {1, 65535}},
      {"security", R"("tls")", "tls or starttls", "smtp: encrypted from the start, or from the first command on.",
       read_security},
      {"user_parameter", "", "a Systems Manager parameter", "smtp: the parameter that holds the user's name.",
       read_field<&ChannelSettings::user_parameter, check_parameter>},
      {"password_parameter", "", "a Systems Manager parameter", "smtp: the one that holds the password.",
       read_field<&ChannelSettings::password_parameter, check_parameter>},
      {"topic_arn", "", "a topic's ARN", "sns: the topic, standard or FIFO. Required.",
       read_field<&ChannelSettings::topic_arn, check_topic_arn>},
      {"url", "", "an https:// URL", "webhook: where to post, where that is no secret.",
       read_field<&ChannelSettings::url, check_hook_url>},
      {"url_parameter", "", "a Systems Manager parameter", "webhook: the parameter that holds the URL.",
       read_field<&ChannelSettings::url_parameter, check_parameter>},
      {"body", R"("json")", "slack, teams or json", "webhook: what is posted.", read_body},
      {"hmac_parameter", "", "a Systems Manager parameter",
       "webhook: the parameter that holds the key with which body = \"json\" is signed.",
       read_field<&ChannelSettings::hmac_parameter, check_parameter>},
      {"bus", R"("default")", "an event bus's name or ARN", "eventbridge: the bus.",
       read_field<&ChannelSettings::bus, check_event_bus>},
      {"path", "", "a file's name; -: standard output", "file: events are appended to it, one a line. Required.",
       read_field<&ChannelSettings::path, check_path>},
  }};
  return keys;
}

std::string_view channel_examples() {
  return R"([[notify.channel]]
type = "ses"
region = "eu-west-1"
configuration_set = "access-keys"
[[notify.channel]]
type = "smtp"
host = "mail.example.com"
user_parameter = "/rekeyer/smtp-user"
password_parameter = "/rekeyer/smtp-password"
[[notify.channel]]
type = "sns"
topic_arn = "arn:aws:sns:eu-west-1:111111111111:access-keys"
events = ["rotated", "deactivated", "failed"]
[[notify.channel]]
name = "chat"
type = "webhook"
url_parameter = "/rekeyer/slack-webhook"
body = "slack"
[[notify.channel]]
type = "eventbridge"
bus = "security"
[[notify.channel]]
type = "file"
path = "notices.jsonl"
)";
}

}  // namespace rekeyer::config
