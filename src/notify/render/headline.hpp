// What happened to a key, in a line: for events and the file channel, and for the subjects of mails. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "notify/model/mails.hpp"

namespace rekeyer::notify {

/// One line of plain text for a notice: "Access key AKIA…7Q of ci-deploy was replaced; …". For events and the file
/// channel.
std::string headline(const NoticeContext& context);
/// What a headline leaves out: why, and what comes next; may be empty.
std::string detail(const NoticeContext& context);

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
