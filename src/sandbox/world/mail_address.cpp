// Finds the address in what stands around it.
#include "sandbox/world/mail_address.hpp"

namespace rekeyer::sandbox {

std::string_view bare_address(std::string_view address) {
  const auto open = address.rfind('<');
  const auto close = address.rfind('>');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return address;
  return address.substr(open + 1, close - open - 1);
}

}  // namespace rekeyer::sandbox
