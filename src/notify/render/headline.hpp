// What happened to a key, in a line.
#pragma once

#include <string>

#include "notify/model/mails.hpp"

namespace rekeyer::notify {

/// One line of plain text for a notice: "Access key AKIA…7Q of ci-deploy was replaced; …". For events and the file
/// channel.
std::string headline(const NoticeContext& context);
/// What a headline leaves out: why, and what comes next; may be empty.
std::string detail(const NoticeContext& context);

}  // namespace rekeyer::notify
