// Lists of mail addresses in the file.
#pragma once

#include "config/draft.hpp"

namespace rekeyer::config {

/// A list of bare addresses, each mailbox once; every other text is a problem.
std::vector<std::string> read_addresses(Draft& draft, const Entry& entry);

}  // namespace rekeyer::config
