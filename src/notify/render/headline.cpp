// What happened to a key, in a line: for events, the file channel, subjects and summaries.

#include "notify/render/headline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>

#include "notify/render/mail_text.hpp"
#include "notify/render/mail_views.hpp"
#include "notify/render/notice_view.hpp"
#include "notify/render/templates.hpp"

namespace rekeyer::notify {
namespace {

using policy::NoticeKind;

constexpr std::size_t longest_name = 80;  ///< of a user or an account in a line; IAM's and AWS's limits are lower
constexpr std::size_t longest_subject_line = 240;  ///< characters

/// " on 11 January", or nothing where no day is known.
std::string on_day(std::string_view preposition, const std::string& day) {
  return day.empty() ? std::string() : fmt::format(" {} {}", preposition, day);
}

/// What follows "Access key … of …", without the full stop.
std::string happening(const policy::Notice& notice, const std::string& day, bool replaced) {
  const NoticeKind kind = notice.kind;
  switch (kind) {
    case NoticeKind::rotation_soon: return "will be replaced" + (day.empty() ? " soon" : on_day("on", day));
    case NoticeKind::unused: return "is not used and will be deactivated" + (day.empty() ? " soon" : on_day("on", day));
    case NoticeKind::two_keys: return "can't be replaced: both keys of the user are in use";
    case NoticeKind::rotated: return "was replaced: install the new one" + on_day("by", day);
    case NoticeKind::deactivation_soon:
      return "will be deactivated" + (day.empty() ? " soon" : on_day("on", day)) +
             (replaced ? ": install the new one before" : "");
    case NoticeKind::in_use:
      return (notice.successor_unused ? "was replaced, and you have not installed the new one: install it"
                                      : "was replaced and is still in use: install the new one") +
             on_day("by", day);
    case NoticeKind::deactivated:
      return "was deactivated" + (day.empty() ? "" : " and will be deleted" + on_day("on", day));
    case NoticeKind::deletion_soon: return "will be deleted for good" + (day.empty() ? " soon" : on_day("on", day));
    case NoticeKind::deleted: return "was deleted";
    case NoticeKind::recovered:
      return "was withdrawn: nobody has it, an interrupted run had issued it" +
             (day.empty() ? "" : "; it will be deleted" + on_day("on", day));
    case NoticeKind::exemption_ending:
      return "is exempt from rotation" + (day.empty() ? " for a short time only" : on_day("until", day));
    case NoticeKind::failed: return "was due, and something failed";
  }
  return {};
}

std::string sentence(const NoticeContext& context, const std::string& day) {
  const std::string label = user_label(context.user, context.account, context.account_name);
  const std::string key = one_line(context.notice.key.str());
  const std::string subject =
      key.empty() ? "The access key of " + label : fmt::format("Access key {} of {}", key, label);
  return subject + " " + happening(context.notice, day, context.new_key.has_value());
}

/// Most urgent first: what can't be undone, what stops working, what stopped, what is to be installed, the rest.
constexpr std::array by_urgency{
    NoticeKind::deletion_soon, NoticeKind::deactivation_soon, NoticeKind::in_use,    NoticeKind::deactivated,
    NoticeKind::rotated,       NoticeKind::two_keys,          NoticeKind::unused,    NoticeKind::failed,
    NoticeKind::rotation_soon, NoticeKind::exemption_ending,  NoticeKind::recovered, NoticeKind::deleted};

std::ptrdiff_t rank(NoticeKind kind) { return std::ranges::find(by_urgency, kind) - by_urgency.begin(); }

/// "2 will be deleted by 11 January": part of the subject for several keys. `day` is the first of them.
std::string counted_happening(NoticeKind kind, std::size_t count, const std::string& day) {
  const bool one = count == 1;
  switch (kind) {
    case NoticeKind::rotation_soon: return "will be replaced" + on_day("from", day);
    case NoticeKind::unused: return one ? "is not used" : "are not used";
    case NoticeKind::two_keys: return "can't be replaced";
    case NoticeKind::rotated:
      return (one ? "was replaced" : "were replaced") + (day.empty() ? "" : ": install by " + day);
    case NoticeKind::deactivation_soon: return "will be deactivated" + on_day("from", day);
    case NoticeKind::in_use: return one ? "is still in use" : "are still in use";
    case NoticeKind::deactivated: return one ? "was deactivated" : "were deactivated";
    case NoticeKind::deletion_soon: return "will be deleted" + on_day("from", day);
    case NoticeKind::deleted: return one ? "was deleted" : "were deleted";
    case NoticeKind::recovered: return one ? "was withdrawn" : "were withdrawn";
    case NoticeKind::exemption_ending: return one ? "ends its exemption" : "end their exemptions";
    case NoticeKind::failed: return "failed";
  }
  return {};
}

std::string due_day(const NoticeContext& context, Instant now) {
  return context.notice.due ? short_date(*context.notice.due, now) : std::string();
}

}  // namespace

std::string account_label(const AccountId& id, std::string_view name) {
  const std::string clean = shortened(one_line(name), longest_name);
  return clean.empty() ? id.str() : fmt::format("{} ({})", clean, id);
}

std::string user_label(const UserName& user, const AccountId& account, std::string_view account_name) {
  const std::string name = shortened(one_line(account_name), longest_name);
  const std::string who = shortened(one_line(user.str()), longest_name);
  return name.empty() ? fmt::format("{} ({})", who, account) : fmt::format("{} ({}, {})", who, name, account);
}

std::vector<NoticeContext> most_urgent_first(std::vector<NoticeContext> contexts) {
  const auto order = [](const NoticeContext& context) {
    const Instant due = context.notice.due.value_or(Instant::max());
    return std::tuple(rank(context.notice.kind), due, context.account, context.user, context.notice.key);
  };
  std::ranges::sort(contexts, {}, order);
  return contexts;
}

bool names_its_day(const NoticeContext& context) {
  const NoticeKind kind = context.notice.kind;
  return context.notice.due && kind != NoticeKind::two_keys && kind != NoticeKind::deleted &&
         kind != NoticeKind::failed;
}

std::string headline(const NoticeContext& context) {
  std::string day;
  if (context.notice.due) {
    const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(*context.notice.due)};
    day = fmt::format("{} {}", short_date(*context.notice.due), static_cast<int>(date.year()));
  }
  return sentence(context, day);
}

std::string detail(const NoticeContext& context) {
  std::string text = notice_view(context, Instant{}).texts.at("last_use");
  if (!context.secret.empty() && context.new_key) {
    text += fmt::format(" The new key {} is in the secret {}", *context.new_key, one_line(context.secret.str()));
    if (!context.secret_region.empty()) text += fmt::format(" in {}", one_line(context.secret_region.str()));
    if (!context.secret_account.empty()) text += fmt::format(" of account {}", context.secret_account);
    text += '.';
  }
  return text;
}

std::string owner_subject(const std::vector<NoticeContext>& ordered, Instant now) {
  if (ordered.empty()) return "Your access keys";
  if (ordered.size() == 1) {
    std::string text = sentence(ordered.front(), due_day(ordered.front(), now));
    text.front() = text.front() == 'A' ? 'a' : 't';
    return shortened(text.starts_with("the ") ? "Your" + text.substr(3) : "Your " + text, longest_subject_line);
  }
  std::string parts;
  std::size_t groups = 0;
  for (auto first = ordered.begin(); first != ordered.end();) {
    const NoticeKind kind = first->notice.kind;
    const auto last =
        std::find_if(first, ordered.end(), [&](const NoticeContext& context) { return context.notice.kind != kind; });
    const auto count = static_cast<std::size_t>(last - first);
    if (++groups > 3) {
      parts += fmt::format(", and {} more", ordered.end() - first);
      break;
    }
    if (!parts.empty()) parts += ", ";
    parts += fmt::format("{} {}", count, counted_happening(kind, count, due_day(*first, now)));
    first = last;
  }
  return shortened(fmt::format("Your {} access keys: {}", ordered.size(), parts), longest_subject_line);
}

std::string owner_preview(const std::vector<NoticeContext>& ordered, Instant now) {
  for (const NoticeContext& context : ordered) {
    const auto& notice = context.notice;
    if (!notice.due || notice.kind == NoticeKind::deleted || notice.kind == NoticeKind::recovered) continue;
    return fmt::format("{}, {}: {} {}.", long_date(*notice.due), days_from(now, *notice.due),
                       one_line(notice.key.str()), happening(notice, "", context.new_key.has_value()));
  }
  return "What happened, and what is to be done.";
}

}  // namespace rekeyer::notify
