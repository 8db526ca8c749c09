// One event as JSON, the same for topics, webhooks, buses and files; docs/events.md tells its shape. Pure.
#pragma once

#include <string>
#include <string_view>

#include "aws/http/json_writer.hpp"
#include "notify/model/channel.hpp"

namespace rekeyer::notify {

/// Of the shape. It changes only where a member changes its meaning or goes; readers ignore members that they don't
/// know.
inline constexpr int event_version = 1;

/// Writes the object: inside an array, or at the top.
void write_event(aws::JsonWriter& json, const Event& event);
std::string event_json(const Event& event);

/// "Access Key Rotated": for subjects, headings and EventBridge's detail-type.
std::string_view title(policy::NoticeKind kind);
/// "sandbox-7 (123456789012)", or the number alone.
std::string account_words(const Event& event);

/// The first `characters` of a text in UTF-8, the last of them "…" where something was cut.
std::string cut_text(std::string_view text, std::size_t characters);

}  // namespace rekeyer::notify
