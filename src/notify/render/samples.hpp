// Mails as they may be: one notice of each kind, one digest of each, for previews, sample mails, tests and the
// documentation. Everything in them is made up.
#pragma once

#include <string>
#include <vector>

#include "notify/model/mails.hpp"

namespace rekeyer::notify {

Instant sample_now();

/// A key of ci-deploy with everything that a message of that kind knows.
NoticeContext sample_notice(policy::NoticeKind kind);

OwnerMail sample_owner_mail(std::vector<NoticeContext> contexts);
ActionLine sample_line(std::string user, std::string action, std::string status, std::string reason);
AccountDigest sample_account_digest(bool audit);
AdministratorDigest sample_administrator_digest();

}  // namespace rekeyer::notify
