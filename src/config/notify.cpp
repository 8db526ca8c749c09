// [notify]: from whom messages come, what administrators get, and when owners are warned.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "config/address_list.hpp"
#include "config/keys.hpp"
#include "config/names.hpp"

namespace rekeyer::config {
namespace {

template <std::string notify::Settings::* text>
void set_text(Draft& draft, const Entry& entry, Complaint (*check)(std::string_view), Empty empty) {
  if (auto value = read_checked(draft, entry, check, empty)) draft.notify.*text = *std::move(value);
}

void read_from(Draft& draft, const Entry& entry) {
  set_text<&notify::Settings::from>(draft, entry, check_mail_sender, Empty::refused);
}
void read_templates(Draft& draft, const Entry& entry) {
  set_text<&notify::Settings::templates>(draft, entry, check_templates_place, Empty::means_none);
}
void read_help_url(Draft& draft, const Entry& entry) {
  set_text<&notify::Settings::help_url>(draft, entry, check_page_url, Empty::means_none);
}

void read_reply_to(Draft& draft, const Entry& entry) { draft.notify.reply_to = read_addresses(draft, entry); }
void read_administrators(Draft& draft, const Entry& entry) {
  draft.notify.administrators = read_addresses(draft, entry);
}

void read_account_digest(Draft& draft, const Entry& entry) {
  if (const auto flag = read_flag(draft, entry)) draft.notify.account_digest = *flag;
}

void read_weekly(Draft& draft, const Entry& entry) {
  using Day = std::optional<std::chrono::weekday>;
  static constexpr std::array<std::pair<std::string_view, Day>, 8> choices{{{"monday", std::chrono::Monday},
                                                                            {"tuesday", std::chrono::Tuesday},
                                                                            {"wednesday", std::chrono::Wednesday},
                                                                            {"thursday", std::chrono::Thursday},
                                                                            {"friday", std::chrono::Friday},
                                                                            {"saturday", std::chrono::Saturday},
                                                                            {"sunday", std::chrono::Sunday},
                                                                            {"never", std::nullopt}}};
  if (const auto choice = read_choice<Day>(draft, entry, choices)) draft.notify.weekly = *choice;
}

void read_unreachable_after(Draft& draft, const Entry& entry) {
  constexpr Period least = std::chrono::hours{1};
  constexpr Period most = std::chrono::days{365};
  const auto text = read_text(draft, entry);
  if (!text) return;
  const auto period = parse_period(*text);
  if (period && *period >= least && *period <= most) {
    draft.notify.unreachable_after = *period;
  } else {
    draft.report(entry.value().place,
                 fmt::format("`{}` must be a period from {} to {}, such as \"14d\", not {}", entry.full_name,
                             format_period(least), format_period(most), shown(*text)));
  }
}

void read_warn_days(Draft& draft, const Entry& entry) {
  constexpr std::int64_t most = 90;
  const auto& value = entry.value();
  if (value.kind != Node::Kind::list) {
    draft.report(value.place, fmt::format("`{}` must be a list of whole numbers, such as [7, 3, 1], not {}",
                                          entry.full_name, describe(value.kind)));
    return;
  }
  std::set<int, std::greater<>> days;
  for (const auto& item : value.items) {
    if (item.kind != Node::Kind::integer) {
      draft.report(item.place,
                   fmt::format("`{}` must hold whole numbers only, not {}", entry.full_name, describe(item.kind)));
    } else if (item.integer < 1 || item.integer > most) {
      draft.report(item.place,
                   fmt::format("`{}` must hold numbers from 1 to {}, not {}", entry.full_name, most, item.integer));
    } else if (!days.insert(static_cast<int>(item.integer)).second) {
      draft.report(item.place, fmt::format("{} stands twice in `{}`", item.integer, entry.full_name));
    }
  }
  draft.settings.notices.warn_days.assign(days.begin(), days.end());
}

void read_channels(Draft& draft, const Entry& entry) { read_table(draft, *find_table("notify.channel"), entry.member); }

}  // namespace

std::span<const Key> notify_keys() {
  static constexpr std::array<Key, 10> keys{{
      {"from",
       "",
       "an address, or a name and an address",
       "Whom mails come from. Required where a channel sends mails.",
       read_from,
       {},
       R"(from = "Access keys <access-keys@example.com>")"},
      {"reply_to", "[]", "addresses", "Where answers to these mails go.", read_reply_to},
      {"administrators", "[]", "addresses", "Who gets one mail about each run.", read_administrators},
      {"account_digest", "false", "true or false",
       "One mail about each run to the e-mail address of every account in which something was done.",
       read_account_digest},
      {"weekly", R"("never")", "a day of the week, such as monday, or never",
       "On that day (UTC) administrators get a summary even when nothing happened.", read_weekly},
      {"templates", R"("")", "a folder, or s3://bucket/prefix; empty: the built-in ones",
       "Wording of your own for mails.", read_templates},
      {"unreachable_after", R"("14d")", "a period from 1h to 365d",
       "After this, administrators are told that an owner can't be reached.", read_unreachable_after},
      {"help_url", R"("")", "a URL; empty: none", "Where owners read more; every mail links it.", read_help_url},
      {"warn_days", "[7, 3, 1]", "whole numbers from 1 to 90",
       "On these days before a rotation, a deactivation or a deletion its owner is told of it.", read_warn_days},
      {"channel", "", "tables; see [[notify.channel]]", "How messages leave; below.", read_channels},
  }};
  return keys;
}

}  // namespace rekeyer::config
