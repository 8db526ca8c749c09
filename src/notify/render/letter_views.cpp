// The letters' own placeholders: frames, lists with an end, and the older system's names.
#include <fmt/format.h>

#include "base/mail_address.hpp"
#include "notify/render/plain_words.hpp"
#include "notify/render/templates.hpp"
#include "notify/render/views.hpp"

namespace rekeyer::notify {
namespace {

/// The list `name` of at most `most` items, with "name_count" and "name_more" beside it.
template <class Items, class Make>
void add_list(View& view, const std::string& name, const Items& items, std::size_t most, const Make& make) {
  std::vector<View>& list = view.lists[name];
  for (const auto& item : items) {
    if (list.size() == most) break;
    list.push_back(make(item));
  }
  const std::size_t left_out = items.size() - list.size();
  view.texts[name + "_count"] = items.empty() ? "" : fmt::format("{}", items.size());
  view.texts[name + "_more"] = left_out == 0 ? "" : fmt::format("{} more", left_out);
}

std::string partition_name(std::string_view partition) {
  if (partition == "aws") return "AWS Standard";
  if (partition == "aws-us-gov") return "AWS GovCloud (US)";
  if (partition == "aws-cn") return "AWS China";
  return one_line(partition);
}

/// One line of the placeholder `actions`: all of an action in a sentence or two.
std::string action_sentence(const ActionLine& line, Instant now) {
  std::string text = fmt::format("{} {}", one_line(line.status), one_line(line.action));
  if (!line.key.empty()) text += fmt::format(", key {}", one_line(line.key.str()));
  if (!line.user.empty()) text += fmt::format(" of {}", one_line(line.user.str()));
  if (line.due) text += fmt::format(", {} ({})", long_date(*line.due), days_from(now, *line.due));
  if (const auto reason = one_line(line.reason); !reason.empty()) text += ": " + reason;
  if (const auto more = one_line(line.detail); !more.empty()) text += fmt::format(" ({})", more);
  return text;
}

std::string all_actions(const AccountLetter& letter, Format format) {
  std::vector<std::string> sentences;
  if (letter.audit) sentences.emplace_back("Audit: nothing was changed. This is what would be done.");
  for (const ActionLine& line : letter.actions) {
    if (sentences.size() > most_lines) break;
    sentences.push_back(action_sentence(line, letter.now));
  }
  const std::size_t shown = sentences.size() - (letter.audit ? 1 : 0);
  if (shown < letter.actions.size()) sentences.push_back(fmt::format("{} more", letter.actions.size() - shown));
  std::string text;
  for (const std::string& sentence : sentences) {
    if (!text.empty()) text += format == Format::html ? "<br>\n" : "\n";
    text += format == Format::html ? escape_html(sentence) : "- " + sentence;
  }
  return text;
}

}  // namespace

View letter_view(std::string_view sender, std::string_view help_url, Instant now) {
  View view;
  const std::string address = one_line(bare_address(sender));
  view.texts = {{"subject", ""},
                {"preview", ""},
                {"date", long_date(now)},
                {"timestamp", iso8601(now)},
                {"sender", one_line(sender)},
                {"sender_email", address},
                {"help_url", one_line(help_url)}};
  view.flags = {{"sender_link", safe_in_mailto(address)}, {"help_link", safe_link(help_url)}};
  return view;
}

View line_view(const ActionLine& line, Instant now) {
  View view;
  view.texts = {{"user", line.user.str()},
                {"key", line.key.str()},
                {"action", line.action},
                {"status", line.status},
                {"reason", line.reason},
                {"detail", line.detail},
                {"due", line.due ? long_date(*line.due) : ""},
                {"due_in", line.due ? days_from(now, *line.due) : ""},
                {"account_id", line.account.str()},
                {"account_name", line.account_name},
                {"account", account_label(line.account, line.account_name)}};
  return view;
}

View owner_view(const OwnerLetter& letter, const std::vector<KeyStory>& ordered) {
  View view = letter_view(letter.sender, letter.help_url, letter.now);
  view.texts["subject"] = owner_subject(ordered, letter.now);
  view.texts["preview"] = owner_preview(ordered, letter.now);
  view.texts["keys"] = counted(ordered.size(), "access key", "access keys");
  view.flags["several"] = ordered.size() > 1;
  const std::size_t left_out = ordered.size() > most_notices_a_mail ? ordered.size() - most_notices_a_mail : 0;
  view.texts["more"] = left_out == 0 ? "" : counted(left_out, "more access key", "more access keys");
  std::vector<View>& summary = view.lists["summary"];
  for (const KeyStory& story : ordered) {
    if (summary.size() == most_summary_lines) break;
    View item;
    item.texts = {{"headline", headline(story)},
                  {"due", story.notice.due ? long_date(*story.notice.due) : ""},
                  {"due_in", names_its_day(story) ? days_from(letter.now, *story.notice.due) : ""}};
    summary.push_back(std::move(item));
  }
  return view;
}

View account_view(const AccountLetter& letter, Format format) {
  View view = letter_view(letter.sender, "", letter.now);
  const std::string label = account_label(letter.account, letter.account_name);
  const std::string keys = counted(letter.actions.size(), "access key", "access keys");
  view.texts["subject"] =
      letter.audit ? fmt::format("Audit of access keys in {}: {} would be dealt with, nothing was changed", label, keys)
                   : fmt::format("Access keys in {}: what was done with {}", label, keys);
  view.texts["preview"] =
      letter.audit ? "Nothing was changed. This is what a run would do." : "Nothing is asked of you.";
  view.texts["account_id"] = letter.account.str();
  view.texts["account_name"] = letter.account_name;
  view.texts["account"] = label;
  view.texts["partition"] = letter.partition;
  view.texts["partition_name"] = partition_name(letter.partition);
  view.texts["action_count"] = keys;
  view.texts["rotation_period"] = days_number(letter.rotation_period);
  view.texts["installation_grace_period"] = days_number(letter.installation_grace);
  view.texts["recovery_grace_period"] = days_number(letter.recovery_grace);
  view.texts["rotation_time"] = describe_period(letter.rotation_period);
  view.texts["installation_time"] = describe_period(letter.installation_grace);
  view.texts["recovery_time"] = describe_period(letter.recovery_grace);
  view.flags["audit"] = letter.audit;
  view.ready["actions"] = all_actions(letter, format);
  add_list(view, "lines", letter.actions, most_lines,
           [&](const ActionLine& line) { return line_view(line, letter.now); });
  view.texts["more"] = view.texts["lines_more"];
  view.texts.erase("lines_more");
  view.texts.erase("lines_count");
  return view;
}

namespace {

/// "3 failures, 1 account out of reach": what an administrator has to look at, the worst first.
std::string troubles(const AdministratorLetter& letter) {
  std::string text = letter.incomplete.empty() ? "" : "accounts may be missing";
  const auto add = [&](std::size_t count, std::string_view one, std::string_view several) {
    if (count == 0) return;
    if (!text.empty()) text += ", ";
    text += counted(count, one, several);
  };
  add(letter.failures.size(), "failure", "failures");
  add(letter.failing_channels.size(), "channel that does not work", "channels that do not work");
  add(letter.denied_accounts.size(), "account out of reach", "accounts out of reach");
  add(letter.undeliverable.size(), "owner who can't be reached", "owners who can't be reached");
  add(letter.held.size(), "key held", "keys held");
  add(letter.unowned.size(), "user without an owner", "users without an owner");
  add(letter.exemptions.size(), "exemption ending soon", "exemptions ending soon");
  return text;
}

/// "3 keys rotated, 1 key deleted": what was done, or would be.
std::string changes(const AdministratorLetter& letter) {
  constexpr std::string_view keys = "keys ";
  std::string text;
  for (const auto& [label, count] : letter.totals) {
    if (count == 0 || !label.starts_with(keys)) continue;
    const auto what = one_line(label).substr(keys.size());
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", counted(count, "key", "keys"), what);
  }
  return text;
}

}  // namespace

View administrator_view(const AdministratorLetter& letter) {
  View view = letter_view(letter.sender, "", letter.now);
  const std::string open = troubles(letter);
  const std::string done = changes(letter);
  view.texts["subject"] = fmt::format(
      "{} of {}: {}{}", letter.weekly ? "Access keys, weekly summary" : "Access keys, run", short_date(letter.now),
      done.empty() && open.empty() ? "all is well" : done + (done.empty() || open.empty() ? "" : "; ") + open,
      letter.audit ? " (audit: nothing was changed)" : "");
  std::string preview;
  for (const auto& [label, count] : letter.totals) {
    preview += fmt::format("{}{} {}", preview.empty() ? "" : ", ", count, one_line(label));
  }
  view.texts["preview"] = preview.empty() ? open : preview + ".";
  view.texts["run"] = letter.run.str();
  view.texts["incomplete"] = letter.incomplete;
  view.texts["accounts"] = counted(letter.accounts, "account", "accounts");
  view.texts["users"] = counted(letter.users, "user", "users");
  view.flags = {{"audit", letter.audit},
                {"weekly", letter.weekly},
                {"quiet", open.empty()},
                {"sender_link", view.flags["sender_link"]},
                {"help_link", false}};
  const auto as_line = [&](const ActionLine& line) { return line_view(line, letter.now); };
  add_list(view, "failures", letter.failures, most_lines, as_line);
  add_list(view, "denied_accounts", letter.denied_accounts, most_lines, as_line);
  add_list(view, "held", letter.held, most_lines, as_line);
  add_list(view, "unowned", letter.unowned, most_lines, as_line);
  add_list(view, "undeliverable", letter.undeliverable, most_lines, as_line);
  add_list(view, "exemptions", letter.exemptions, most_lines, as_line);
  add_list(view, "oldest", letter.oldest, most_lines, [&](const OldKey& key) {
    View item;
    item.texts = {
        {"user", key.user.str()},
        {"key", key.key.str()},
        {"created", long_date(key.created)},
        {"age", describe_period(std::chrono::floor<Period>(std::max(letter.now - key.created, Milliseconds{0})))},
        {"account_id", key.account.str()},
        {"account_name", key.account_name},
        {"account", account_label(key.account, key.account_name)}};
    return item;
  });
  add_list(view, "failing_channels", letter.failing_channels, most_lines, [](const std::string& channel) {
    View item;
    item.texts = {{"channel", channel}};
    return item;
  });
  add_list(view, "totals", letter.totals, most_lines, [](const auto& total) {
    View item;
    item.texts = {{"label", total.first}, {"count", fmt::format("{}", total.second)}};
    return item;
  });
  view.texts.erase("totals_more");
  return view;
}

}  // namespace rekeyer::notify
