// Mails as the values of their templates' placeholders (placeholders.hpp lists them). Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "notify/model/mails.hpp"
#include "notify/render/mustache.hpp"
#include "notify/render/view.hpp"

namespace rekeyer::notify {

/// Lists in mails end somewhere: what is left out is counted.
inline constexpr std::size_t most_summary_lines = 500;
inline constexpr std::size_t most_lines = 100;

/// The values that every mail has. `subject` and `preview` are filled in later.
View common_view(std::string_view sender, std::string_view help_url, Instant now);
View line_view(const ActionLine& line, Instant now);
/// Without its notices, which are templates of their own. `ordered` are the mail's keys, see most_urgent_first().
View owner_view(const OwnerMail& model, const std::vector<NoticeContext>& ordered);
/// `actions` is rendered for `format`.
View account_view(const AccountDigest& model, Format format);
View administrator_view(const AdministratorDigest& model);

/// What an owner must know first, first: by what the notice takes away, then by the day.
std::vector<NoticeContext> most_urgent_first(std::vector<NoticeContext> contexts);

/// Does its headline say on which day something happens?
bool names_its_day(const NoticeContext& context);

/// "payments (111111111111)", or the id alone.
std::string account_label(const AccountId& id, std::string_view name);
/// "ci-deploy (payments, 111111111111)", or without the name.
std::string user_label(const UserName& user, const AccountId& account, std::string_view account_name);

/// The subject of an owner's mail: specific for one key, a summary by urgency for several.
std::string owner_subject(const std::vector<NoticeContext>& ordered, Instant now);
/// What mail programs show beside it: the next thing to do.
std::string owner_preview(const std::vector<NoticeContext>& ordered, Instant now);

}  // namespace rekeyer::notify
