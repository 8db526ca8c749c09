#include "simulation/mailbox.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace rekeyer::simulation {
namespace {

constexpr std::string_view mark = "notice=";

/// "AKIA… deletion-soon 3. Tuesday, 3 March 2026."
std::optional<Received> read_line(std::string_view line, Instant at) {
  const auto first = line.find(' ');
  if (first == std::string_view::npos) return std::nullopt;
  const auto second = line.find(' ', first + 1);
  const auto kind = policy::parse_notice_kind(line.substr(first + 1, second - first - 1));
  if (second == std::string_view::npos || !kind) return std::nullopt;
  return Received{AccessKeyId(std::string(line.substr(0, first))), *kind, std::string(line.substr(first + 1)), at};
}

/// In one line: mails are wrapped.
std::string unwrapped(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const bool space = c == ' ' || c == '\n';
    if (space && (line.empty() || line.back() == ' ')) continue;
    line += space ? ' ' : c;
  }
  while (line.ends_with(' ')) line.pop_back();
  return line;
}

}  // namespace

std::map<std::string, std::string> readable_templates() {
  // Nobody reads the HTML, and rendering it well takes its time.
  std::map<std::string, std::string> texts{{"owner.txt", "{{#stories}}\n{{{story}}}\n{{/stories}}\n"},
                                           {"owner.html", "{{#stories}}{{{story}}}{{/stories}}\n"},
                                           {"administrators.html", "<p>{{run}}</p>\n"}};
  for (const auto kind : policy::all_notice_kinds()) {
    texts[std::string(policy::name(kind)) + ".html"] = "<p>{{key}}</p>\n";
    texts[std::string(policy::name(kind)) + ".txt"] = std::string(mark) + "{{key}} {{stage}} {{days}}. {{due}}.\n";
  }
  return texts;
}

std::optional<std::string> Mailbox::receive(Received received, const std::string& sender) {
  ++count_;
  auto& sent = by_key_[received.key];
  // Without a day it says how things are: when they were otherwise meanwhile, and its owner was told so, it is news
  // again.
  const bool dated = !received.what.ends_with(". .");
  if (!dated && !sent.empty() && sent.back().received.what != received.what) {
    std::erase_if(sent, [&](const Sent& before) { return before.received.what == received.what; });
  }
  const auto before = std::ranges::find_if(sent, [&](const Sent& one) { return one.received.what == received.what; });
  if (before != sent.end()) {
    // The run that sent it may have been cut off, or what it noted may have got lost, before anybody else could know.
    // And of two runs at the same time one may have looked before the other has changed things.
    const bool lost = all_disturbed_ || disturbed_.contains(before->sender) || beside_another_.contains(sender);
    // "Rotated on the 11th", switched off and "deleted on the 7th", switched on: rotated on the 11th after all.
    const bool otherwise_meanwhile = before->switched_since && std::next(before) != sent.end();
    if (!lost && !otherwise_meanwhile) {
      return fmt::format("key {}: told twice without a cause: {} (first at {})", received.key, received.what,
                         iso8601(before->received.at));
    }
    sent.erase(before);
  }
  sent.push_back({std::move(received), sender, false});  // the last is what the owner was told last
  return std::nullopt;
}

void Mailbox::switched(const AccessKeyId& key) {
  const auto sent = by_key_.find(key);
  if (sent == by_key_.end()) return;
  for (auto& one : sent->second) one.switched_since = true;
}

std::optional<std::string> Mailbox::take(const sandbox::World& world, const std::string& sender) {
  std::optional<std::string> wrong;
  const auto account = world.accounts.find(world.tooling);
  if (account == world.accounts.end()) return wrong;
  const auto& mails = account->second.messages.mails;
  for (; taken_ < mails.size(); ++taken_) {
    const std::string_view text = mails[taken_].text;
    for (auto at = text.find(mark); at != std::string_view::npos; at = text.find(mark, at + 1)) {
      const auto begin = at + mark.size();
      auto received = read_line(unwrapped(text.substr(begin, text.find(mark, begin) - begin)), mails[taken_].at);
      if (!received) return "a mail that can't be read: " + std::string(text);
      auto complaint = receive(std::move(*received), sender);
      if (complaint && !wrong) wrong = std::move(complaint);
    }
  }
  return wrong;
}

bool Mailbox::announced(const AccessKeyId& key, policy::Step step) const {
  const auto sent = by_key_.find(key);
  return sent != by_key_.end() &&
         std::ranges::any_of(sent->second, [&](const Sent& one) { return policy::announces(one.received.kind, step); });
}

bool Mailbox::told(const AccessKeyId& key, policy::NoticeKind kind) const {
  const auto sent = by_key_.find(key);
  return sent != by_key_.end() &&
         std::ranges::any_of(sent->second, [&](const Sent& one) { return one.received.kind == kind; });
}

}  // namespace rekeyer::simulation
