#include "base/mail_address.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace rekeyer {
namespace {

// RFC 5321's limits, and what RFC 5322 calls an atom.
constexpr std::size_t longest_local_part = 64;
constexpr std::size_t longest_address = 254;
constexpr std::size_t longest_label = 63;
constexpr std::string_view signs_of_an_atom = "!#$%&'*+-/=?^_`{|}~";

bool good_atom(std::string_view atom) {
  return !atom.empty() && std::ranges::all_of(atom, [](char c) {
    return is_alnum(c) || signs_of_an_atom.find(c) != std::string_view::npos;
  });
}

bool good_label(std::string_view label) {
  return !label.empty() && label.size() <= longest_label && label.front() != '-' && label.back() != '-' &&
         std::ranges::all_of(label, [](char c) { return is_alnum(c) || c == '-'; });
}

}  // namespace

bool valid_mail_address(std::string_view text) {
  const auto at = text.rfind('@');
  if (at == std::string_view::npos || text.size() > longest_address) return false;
  const auto local = text.substr(0, at);
  const auto host = text.substr(at + 1);
  return local.size() <= longest_local_part && std::ranges::all_of(split(local, '.'), good_atom) &&
         host.contains('.') && std::ranges::all_of(split(host, '.'), good_label);
}

std::string mailbox_form(std::string_view address) {
  const auto at = std::min(address.rfind('@'), address.size());
  return std::string(address.substr(0, at)) + lower_case(address.substr(at));
}

std::string_view bare_address(std::string_view mailbox) {
  const auto open = mailbox.rfind('<');
  if (open == std::string_view::npos || !mailbox.ends_with('>')) return mailbox;
  return mailbox.substr(open + 1, mailbox.size() - open - 2);
}

std::string unquoted_name(std::string_view name) {
  if (name.size() < 2 || name.front() != '"' || name.back() != '"') return std::string(name);
  name = name.substr(1, name.size() - 2);
  std::string result;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] == '\\' && i + 1 < name.size()) ++i;
    result += name[i];
  }
  return result;
}

}  // namespace rekeyer
