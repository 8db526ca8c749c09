#include "config/address_list.hpp"

#include <fmt/format.h>

#include <set>

#include "base/mail_address.hpp"
#include "config/names.hpp"

namespace rekeyer::config {

std::vector<std::string> read_addresses(Draft& draft, const Entry& entry) {
  std::vector<std::string> addresses;
  std::set<std::string> mailboxes;
  for (const auto& [text, place] : read_list(draft, entry)) {
    if (const auto complaint = check_mail_address(text)) {
      draft.report(place, fmt::format("`{}`: {}", entry.full_name, *complaint));
    } else if (!mailboxes.insert(mailbox_form(text)).second) {
      draft.report(place, fmt::format("{} stands twice in `{}`: hosts ignore case", shown(text), entry.full_name));
    } else {
      addresses.push_back(text);
    }
  }
  return addresses;
}

}  // namespace rekeyer::config
