// Mail addresses as people write them, with a name. Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace rekeyer::notify {

struct Mailbox {
  std::string name;     ///< may be empty; UTF-8
  std::string address;  ///< valid_mail_address()
};

/// "Name <address>", "\"Last, First\" <address>" or an address. Fails with `rejected`.
Result<Mailbox> parse_mailbox(std::string_view text);

}  // namespace rekeyer::notify
