// Mail addresses as people write them, and whether one may stand in a header or an SMTP command. Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace rekeyer::notify {

struct Mailbox {
  std::string name;     ///< may be empty; UTF-8
  std::string address;  ///< plain_address()
};

/// local@domain in printable ASCII, with nothing that could end a command or a header, at most 254 characters. Quoted
/// local parts and address literals are not taken: AWS takes neither.
bool plain_address(std::string_view text);

/// "Name <address>", "\"Last, First\" <address>" or an address. Fails with `rejected`.
Result<Mailbox> parse_mailbox(std::string_view text);

}  // namespace rekeyer::notify
