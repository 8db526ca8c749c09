// Finds the address in what stands around it.
#include "sandbox/world/mail_address.hpp"

#include "base/text.hpp"

namespace rekeyer::sandbox {

std::string_view bare_address(std::string_view address) {
  const auto open = address.rfind('<');
  const auto close = address.rfind('>');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return address;
  return address.substr(open + 1, close - open - 1);
}

std::vector<std::string> identities_for(std::string_view address) {
  const auto bare = bare_address(address);
  const auto at = bare.rfind('@');
  if (at == std::string_view::npos) return {};
  const auto domain = lower_case(bare.substr(at + 1));
  std::vector<std::string> names{std::string(bare), std::string(bare.substr(0, at + 1)) + domain};
  for (std::string_view parent = domain; !parent.empty();) {
    names.emplace_back(parent);
    const auto dot = parent.find('.');
    parent = dot == std::string_view::npos ? std::string_view() : parent.substr(dot + 1);
  }
  return names;
}

}  // namespace rekeyer::sandbox
