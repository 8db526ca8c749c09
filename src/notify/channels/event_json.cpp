#include "notify/channels/event_json.hpp"

#include <fmt/format.h>

#include "base/utf8.hpp"

namespace rekeyer::notify {
namespace {

// Services bound what they take (256 KiB and less); a text beyond this is no message any more.
constexpr std::size_t longest_headline = 1000;
constexpr std::size_t longest_detail = 8000;
constexpr std::size_t most_owners = 50;

}  // namespace

std::string cut_text(std::string_view text, std::size_t characters) {
  std::size_t count = 0;
  std::size_t before_last = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (continues_character(text[i])) continue;
    ++count;
    if (count == characters) before_last = i;
    if (count > characters) return std::string(text.substr(0, before_last)) + "…";
  }
  return std::string(text);
}

void write_event(aws::JsonWriter& json, const Event& event) {
  json.begin_object()
      .member("version", event_version)
      .member("id", event.id)
      .member("run", event.run.str())
      .member("time", iso8601(event.at))
      .member("event", policy::name(event.kind))
      .member("severity", name(event.severity))
      .member("account", event.account.str())
      .member("account_name", event.account_name)
      .member("user", event.user.str())
      .member("access_key", event.key.str());
  if (event.due) {
    json.member("due", iso8601(*event.due));
  } else {
    json.null_member("due");
  }
  json.member("headline", cut_text(event.headline, longest_headline))
      .member("detail", cut_text(event.detail, longest_detail))
      .begin_array("owners");
  for (std::size_t i = 0; i < event.owners.size() && i < most_owners; ++i) json.value(event.owners[i]);
  json.end().end();
}

std::string event_json(const Event& event) {
  aws::JsonWriter json;
  write_event(json, event);
  return json.finish_text();
}

std::string_view title(policy::NoticeKind kind) {
  using policy::NoticeKind;
  switch (kind) {
    case NoticeKind::rotation_soon: return "Access Key Rotation Soon";
    case NoticeKind::unused: return "Access Key Unused";
    case NoticeKind::two_keys: return "Two Access Keys In Use";
    case NoticeKind::rotated: return "Access Key Rotated";
    case NoticeKind::deactivation_soon: return "Access Key Deactivation Soon";
    case NoticeKind::in_use: return "Access Key Still In Use";
    case NoticeKind::deactivated: return "Access Key Deactivated";
    case NoticeKind::deletion_soon: return "Access Key Deletion Soon";
    case NoticeKind::deleted: return "Access Key Deleted";
    case NoticeKind::recovered: return "Access Key Rotation Recovered";
    case NoticeKind::exemption_ending: return "Access Key Exemption Ending";
    case NoticeKind::failed: return "Access Key Rotation Failed";
  }
  return "Access Key Event";
}

std::string account_words(const Event& event) {
  if (event.account_name.empty()) return event.account.str();
  return fmt::format("{} ({})", event.account_name, event.account);
}

}  // namespace rekeyer::notify
