// Samples for tests: the program's own, and names that try to leave the place where they are put.
#pragma once

#include <string>

#include "notify/render/samples.hpp"

namespace rekeyer::testing {

using notify::sample_account_digest;
using notify::sample_administrator_digest;
using notify::sample_line;
using notify::sample_notice;
using notify::sample_now;
using notify::sample_owner_mail;

inline Instant days_later(int days) { return sample_now() + std::chrono::days{days}; }

/// Names that try to leave the place where they are put.
inline notify::NoticeContext hostile_notice(policy::NoticeKind kind) {
  notify::NoticeContext context = sample_notice(kind);
  context.user = UserName("<script>alert(1)</script>\"&'{{user}}{{{actions}}}\r\nBcc: all@example.com\x1b[31m" +
                          std::string(300, 'W'));
  context.account_name = "</td></table>{{> new-key}}{{#stories}}\xff\xe2\x80\xae" + std::string(200, 'M');
  context.secret = SecretName("Account_';rm -rf $HOME;'_User_" + std::string(400, 'x'));
  context.notice.last_use = LastUse::used(sample_now() - std::chrono::days{1}, "<b>s3</b>", "\"eu-west-1'");
  return context;
}

}  // namespace rekeyer::testing
