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

}  // namespace rekeyer::notify
