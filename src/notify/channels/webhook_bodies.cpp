#include "notify/channels/webhook_bodies.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "aws/http/json_writer.hpp"
#include "base/utf8.hpp"
#include "notify/channels/event_json.hpp"
#include "notify/render/mail_text.hpp"

namespace rekeyer::notify {
namespace {

using Events = std::span<const Event>;

struct Limits {
  std::size_t events;
  std::size_t bytes;
};

constexpr std::size_t slack_blocks = 50;
constexpr std::size_t slack_text = 3000;
constexpr std::size_t teams_text = 1000;

Limits limits_of(WebhookBody body) {
  switch (body) {
    case WebhookBody::slack: return {slack_blocks - 1, std::size_t{200} * 1024};  // and the heading's block
    case WebhookBody::teams: return {20, std::size_t{25} * 1024};
    case WebhookBody::json: return {100, std::size_t{512} * 1024};
  }
  return {1, 0};
}

std::string heading(Events events) {
  if (events.size() == 1) return fmt::format("rekeyer: {}", title(events.front().kind));
  return fmt::format("rekeyer: {} messages about access keys", events.size());
}

std::string about(const Event& event) { return fmt::format("{}: {}", one_line(account_words(event)), event.headline); }

/// Slack's three characters as entities, without cutting through one at the limit.
std::string slack_escaped(std::string_view text, std::size_t limit) {
  std::string result;
  std::size_t characters = 0;
  for (const char c : text) {
    const std::string_view piece = c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string_view(&c, 1);
    if (!continues_character(c)) {
      if (characters + piece.size() > limit - 1) return result + "…";
      characters += piece.size();
    }
    result += piece;
  }
  return result;
}

std::string_view slack_sign(Severity severity) {
  switch (severity) {
    case Severity::info: return ":information_source:";
    case Severity::warning: return ":warning:";
    case Severity::critical: return ":rotating_light:";
  }
  return "";
}

std::string slack_body(Events events) {
  aws::JsonWriter json;
  json.begin_object().member("text",
                             slack_escaped(fmt::format("{}: {}", heading(events), events.front().headline), 500));
  json.begin_array("blocks");
  json.begin_object().member("type", "header");
  json.begin_object("text").member("type", "plain_text").member("text", heading(events)).end().end();
  for (const auto& event : events) {
    const auto first = fmt::format("{} *{}*\n", slack_sign(event.severity), title(event.kind));
    auto text = about(event);
    if (!event.detail.empty()) text += "\n" + event.detail;
    json.begin_object().member("type", "section");
    json.begin_object("text").member("type", "mrkdwn");
    json.member("text", first + slack_escaped(text, slack_text - first.size())).end().end();
  }
  return json.finish_text();
}

/// Runs of plain text: unlike a TextBlock they know no markdown.
void teams_text_block(aws::JsonWriter& json, std::string_view text, std::string_view colour, bool bold) {
  json.begin_object().member("type", "RichTextBlock").begin_array("inlines");
  json.begin_object().member("type", "TextRun").member("text", text);
  if (bold) json.member("weight", "Bolder");
  if (!colour.empty()) json.member("color", colour);
  json.end().end().end();
}

std::string_view teams_colour(Severity severity) {
  switch (severity) {
    case Severity::info: return "Default";
    case Severity::warning: return "Warning";
    case Severity::critical: return "Attention";
  }
  return "Default";
}

std::string teams_body(Events events) {
  aws::JsonWriter json;
  json.begin_object().member("type", "message").begin_array("attachments");
  json.begin_object().member("contentType", "application/vnd.microsoft.card.adaptive").null_member("contentUrl");
  json.begin_object("content").member("$schema", "http://adaptivecards.io/schemas/adaptive-card.json");
  json.member("type", "AdaptiveCard").member("version", "1.4");
  json.begin_object("msteams").member("width", "Full").end();
  json.begin_array("body");
  teams_text_block(json, heading(events), "", true);
  for (const auto& event : events) {
    json.begin_object().member("type", "Container").member("separator", true).begin_array("items");
    teams_text_block(json, title(event.kind), teams_colour(event.severity), true);
    teams_text_block(json, cut_text(about(event), teams_text), "", false);
    if (!event.detail.empty()) teams_text_block(json, cut_text(event.detail, teams_text), "", false);
    json.end().end();
  }
  return json.finish_text();
}

std::string json_body(Events events) {
  aws::JsonWriter json;
  json.begin_object().member("version", event_version).member("run", events.front().run.str()).begin_array("events");
  for (const auto& event : events) write_event(json, event);
  return json.finish_text();
}

std::string render(WebhookBody body, Events events) {
  switch (body) {
    case WebhookBody::slack: return slack_body(events);
    case WebhookBody::teams: return teams_body(events);
    case WebhookBody::json: return json_body(events);
  }
  return {};
}

}  // namespace

std::vector<std::string> webhook_bodies(WebhookBody body, const std::vector<Event>& events) {
  const auto limits = limits_of(body);
  std::vector<std::string> bodies;
  for (Events rest = events; !rest.empty();) {
    auto count = std::min(rest.size(), limits.events);
    auto text = render(body, rest.first(count));
    for (; text.size() > limits.bytes && count > 1; text = render(body, rest.first(count))) count = (count + 1) / 2;
    bodies.push_back(std::move(text));
    rest = rest.subspan(count);
  }
  return bodies;
}

}  // namespace rekeyer::notify
