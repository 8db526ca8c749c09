#include "notify/channels/sns_channel.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "notify/channels/event_json.hpp"

namespace rekeyer::notify {
namespace {

/// AWS takes 256 KiB, attributes included.
constexpr std::size_t longest_message = std::size_t{200} * 1024;
constexpr std::size_t room_for_frame = 1024;
constexpr std::size_t longest_subject = 99;

using Group = std::vector<const Event*>;

bool belongs(const Group& group, const Event& event) {
  return group.front()->kind == event.kind && group.front()->account == event.account;
}

std::vector<Group> grouped(const std::vector<Event>& events) {
  std::vector<Group> groups;
  for (const auto& event : events) {
    const auto found = std::ranges::find_if(groups, [&](const Group& group) { return belongs(group, event); });
    if (found == groups.end()) {
      groups.push_back({&event});
    } else {
      found->push_back(&event);
    }
  }
  return groups;
}

/// Pieces that fit into one message each.
std::vector<Group> fitting_pieces(const Group& group) {
  std::vector<Group> pieces;
  std::size_t size = 0;
  for (const auto* event : group) {
    const auto length = event_json(*event).size() + 1;
    if (pieces.empty() || size + length > longest_message - room_for_frame) {
      pieces.emplace_back();
      size = 0;
    }
    pieces.back().push_back(event);
    size += length;
  }
  return pieces;
}

std::string subject(const Group& group) {
  const auto& first = *group.front();
  const auto count = group.size() == 1 ? std::string() : fmt::format(" ({})", group.size());
  auto text = fmt::format("rekeyer: {}{} in {}", title(first.kind), count, account_words(first));
  for (char& c : text) {
    if (!is_printable(c)) c = '?';
  }
  text.resize(std::min(text.size(), longest_subject));
  return text;
}

std::string message(const Group& group, Severity severity) {
  const auto& first = *group.front();
  aws::JsonWriter json;
  json.begin_object()
      .member("version", event_version)
      .member("run", first.run.str())
      .member("event", policy::name(first.kind))
      .member("severity", name(severity))
      .member("account", first.account.str())
      .member("account_name", first.account_name)
      .begin_array("events");
  for (const auto* event : group) write_event(json, *event);
  return json.finish_text();
}

aws::Publication publication(const Arn& topic, const Group& group) {
  const auto& first = *group.front();
  auto severity = Severity::info;
  for (const auto* event : group) severity = std::max(severity, event->severity);
  aws::Publication result;
  result.topic = topic;
  result.subject = subject(group);
  result.message = message(group, severity);
  result.attributes = {{"event", std::string(policy::name(first.kind))},
                       {"account", first.account.str()},
                       {"severity", std::string(name(severity))}};
  if (topic.str().ends_with(".fifo")) {
    // The same events sent once more within five minutes are dropped by SNS itself.
    std::string ids;
    for (const auto* event : group) ids += event->id + "\n";
    result.group = first.account.str();
    result.deduplication_id = sha256_hex(ids);
  }
  return result;
}

}  // namespace

std::vector<aws::Publication> publications(const Arn& topic, const std::vector<Event>& events) {
  std::vector<aws::Publication> result;
  for (const auto& group : grouped(events)) {
    for (const auto& piece : fitting_pieces(group)) result.push_back(publication(topic, piece));
  }
  return result;
}

ResultTask<> SnsChannel::publish(std::vector<Event> events) {
  Result<> outcome;
  for (auto& one : publications(topic_, events)) {
    const auto sent = co_await client_.publish(std::move(one));
    if (!sent && outcome) outcome = fail(sent.error());
  }
  co_return outcome;
}

}  // namespace rekeyer::notify
