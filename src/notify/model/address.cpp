#include "notify/model/address.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/json_text.hpp"
#include "base/mail_address.hpp"
#include "base/text.hpp"

namespace rekeyer::notify {

Result<Mailbox> parse_mailbox(std::string_view text) {
  const auto whole = trimmed(text, " \t");
  const auto refused = [&] {
    return fail(ErrorKind::rejected, fmt::format("{} is no mail address that can be used", json_quoted(text)));
  };
  if (std::ranges::any_of(whole, is_control)) return refused();
  Mailbox mailbox;
  if (whole.ends_with('>')) {
    const auto open = whole.rfind('<');
    if (open == std::string_view::npos) return refused();
    mailbox.name = unquoted_name(trimmed(whole.substr(0, open), " \t"));
    mailbox.address = whole.substr(open + 1, whole.size() - open - 2);
  } else {
    mailbox.address = whole;
  }
  if (!valid_mail_address(mailbox.address)) return refused();
  return mailbox;
}

}  // namespace rekeyer::notify
