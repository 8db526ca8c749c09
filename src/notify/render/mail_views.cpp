// The mails' own placeholders: frames, lists with an end, and the older system's names.
#include "notify/render/mail_views.hpp"

#include <fmt/format.h>

#include "base/mail_address.hpp"
#include "notify/render/headline.hpp"
#include "notify/render/mail_text.hpp"
#include "notify/render/templates.hpp"

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

std::string all_actions(const AccountDigest& model, Format format) {
  std::vector<std::string> sentences;
  if (model.audit) sentences.emplace_back("Audit: nothing was changed. This is what would be done.");
  for (const ActionLine& line : model.actions) {
    if (sentences.size() > most_lines) break;
    sentences.push_back(action_sentence(line, model.now));
  }
  const std::size_t shown = sentences.size() - (model.audit ? 1 : 0);
  if (shown < model.actions.size()) sentences.push_back(fmt::format("{} more", model.actions.size() - shown));
  std::string text;
  for (const std::string& sentence : sentences) {
    if (!text.empty()) text += format == Format::html ? "<br>\n" : "\n";
    text += format == Format::html ? escape_html(sentence) : "- " + sentence;
  }
  return text;
}

}  // namespace

View common_view(std::string_view sender, std::string_view help_url, Instant now) {
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

View owner_view(const OwnerMail& model, const std::vector<NoticeContext>& ordered) {
  View view = common_view(model.sender, model.help_url, model.now);
  view.texts["subject"] = owner_subject(ordered, model.now);
  view.texts["preview"] = owner_preview(ordered, model.now);
  view.texts["keys"] = counted(ordered.size(), "access key", "access keys");
  view.flags["several"] = ordered.size() > 1;
  const std::size_t left_out = ordered.size() > most_notices_a_mail ? ordered.size() - most_notices_a_mail : 0;
  view.texts["more"] = left_out == 0 ? "" : counted(left_out, "more access key", "more access keys");
  std::vector<View>& summary = view.lists["summary"];
  for (const NoticeContext& context : ordered) {
    if (summary.size() == most_summary_lines) break;
    View item;
    item.texts = {{"headline", headline(context)},
                  {"due", context.notice.due ? long_date(*context.notice.due) : ""},
                  {"due_in", names_its_day(context) ? days_from(model.now, *context.notice.due) : ""}};
    summary.push_back(std::move(item));
  }
  return view;
}

View account_view(const AccountDigest& model, Format format) {
  View view = common_view(model.sender, "", model.now);
  const std::string label = account_label(model.account, model.account_name);
  const std::string keys = counted(model.actions.size(), "access key", "access keys");
  view.texts["subject"] =
      model.audit ? fmt::format("Audit of access keys in {}: {} would be dealt with, nothing was changed", label, keys)
                  : fmt::format("Access keys in {}: what was done with {}", label, keys);
  view.texts["preview"] =
      model.audit ? "Nothing was changed. This is what a run would do." : "Nothing is asked of you.";
  view.texts["account_id"] = model.account.str();
  view.texts["account_name"] = model.account_name;
  view.texts["account"] = label;
  view.texts["partition"] = model.partition;
  view.texts["partition_name"] = partition_name(model.partition);
  view.texts["action_count"] = keys;
  view.texts["rotation_period"] = days_number(model.rotation_period);
  view.texts["installation_grace_period"] = days_number(model.installation_grace);
  view.texts["recovery_grace_period"] = days_number(model.recovery_grace);
  view.texts["rotation_time"] = describe_period(model.rotation_period);
  view.texts["installation_time"] = describe_period(model.installation_grace);
  view.texts["recovery_time"] = describe_period(model.recovery_grace);
  view.flags["audit"] = model.audit;
  view.ready["actions"] = all_actions(model, format);
  add_list(view, "lines", model.actions, most_lines,
           [&](const ActionLine& line) { return line_view(line, model.now); });
  view.texts["more"] = view.texts["lines_more"];
  view.texts.erase("lines_more");
  view.texts.erase("lines_count");
  return view;
}

namespace {

/// "3 failures, 1 account out of reach": what an administrator has to look at, the worst first.
std::string troubles(const AdministratorDigest& model) {
  std::string text = model.incomplete.empty() ? "" : "accounts may be missing";
  const auto add = [&](std::size_t count, std::string_view one, std::string_view several) {
    if (count == 0) return;
    if (!text.empty()) text += ", ";
    text += counted(count, one, several);
  };
  add(model.failures.size(), "failure", "failures");
  add(model.failing_channels.size(), "channel that does not work", "channels that do not work");
  add(model.denied_accounts.size(), "account out of reach", "accounts out of reach");
  add(model.undeliverable.size(), "owner who can't be reached", "owners who can't be reached");
  add(model.held.size(), "key held", "keys held");
  add(model.unowned.size(), "user without an owner", "users without an owner");
  add(model.exemptions.size(), "exemption ending soon", "exemptions ending soon");
  return text;
}

/// "3 keys rotated, 1 key deleted": what was done, or would be.
std::string changes(const AdministratorDigest& model) {
  constexpr std::string_view keys = "keys ";
  std::string text;
  for (const auto& [label, count] : model.totals) {
    if (count == 0 || !label.starts_with(keys)) continue;
    const auto what = one_line(label).substr(keys.size());
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", counted(count, "key", "keys"), what);
  }
  return text;
}

}  // namespace

View administrator_view(const AdministratorDigest& model) {
  View view = common_view(model.sender, "", model.now);
  const std::string open = troubles(model);
  const std::string done = changes(model);
  view.texts["subject"] = fmt::format(
      "{} of {}: {}{}", model.weekly ? "Access keys, weekly summary" : "Access keys, run", short_date(model.now),
      done.empty() && open.empty() ? "all is well" : done + (done.empty() || open.empty() ? "" : "; ") + open,
      model.audit ? " (audit: nothing was changed)" : "");
  std::string preview;
  for (const auto& [label, count] : model.totals) {
    preview += fmt::format("{}{} {}", preview.empty() ? "" : ", ", count, one_line(label));
  }
  view.texts["preview"] = preview.empty() ? open : preview + ".";
  view.texts["run"] = model.run.str();
  view.texts["incomplete"] = model.incomplete;
  view.texts["accounts"] = counted(model.accounts, "account", "accounts");
  view.texts["users"] = counted(model.users, "user", "users");
  view.flags = {{"audit", model.audit},
                {"weekly", model.weekly},
                {"quiet", open.empty()},
                {"sender_link", view.flags["sender_link"]},
                {"help_link", false}};
  const auto as_line = [&](const ActionLine& line) { return line_view(line, model.now); };
  add_list(view, "failures", model.failures, most_lines, as_line);
  add_list(view, "denied_accounts", model.denied_accounts, most_lines, as_line);
  add_list(view, "held", model.held, most_lines, as_line);
  add_list(view, "unowned", model.unowned, most_lines, as_line);
  add_list(view, "undeliverable", model.undeliverable, most_lines, as_line);
  add_list(view, "exemptions", model.exemptions, most_lines, as_line);
  add_list(view, "oldest", model.oldest, most_lines, [&](const OldKey& key) {
    View item;
    item.texts = {
        {"user", key.user.str()},
        {"key", key.key.str()},
        {"created", long_date(key.created)},
        {"age", describe_period(std::chrono::floor<Period>(std::max(model.now - key.created, Milliseconds{0})))},
        {"account_id", key.account.str()},
        {"account_name", key.account_name},
        {"account", account_label(key.account, key.account_name)}};
    return item;
  });
  add_list(view, "failing_channels", model.failing_channels, most_lines, [](const std::string& channel) {
    View item;
    item.texts = {{"channel", channel}};
    return item;
  });
  add_list(view, "totals", model.totals, most_lines, [](const auto& total) {
    View item;
    item.texts = {{"label", total.first}, {"count", fmt::format("{}", total.second)}};
    return item;
  });
  view.texts.erase("totals_more");
  return view;
}

}  // namespace rekeyer::notify
