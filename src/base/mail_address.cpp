#include "base/mail_address.hpp"

#include <algorithm>

namespace rekeyer {
namespace {

// RFC 5321's limits, and what RFC 5322 calls an atom.
constexpr std::size_t longest_local_part = 64;
constexpr std::size_t longest_address = 254;
constexpr std::size_t longest_label = 63;
constexpr std::string_view signs_of_an_atom = "!#$%&'*+-/=?^_`{|}~";

bool is_letter_or_digit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// Does `good` hold for each of the parts between dots?
template <class Good>
bool every_part(std::string_view text, Good good) {
  while (true) {
    const auto end = text.find('.');
    if (!good(text.substr(0, end))) return false;
    if (end == std::string_view::npos) return true;
    text.remove_prefix(end + 1);
  }
}

bool good_atom(std::string_view atom) {
  return !atom.empty() && std::ranges::all_of(atom, [](char c) {
    return is_letter_or_digit(c) || signs_of_an_atom.find(c) != std::string_view::npos;
  });
}

bool good_label(std::string_view label) {
  return !label.empty() && label.size() <= longest_label && label.front() != '-' && label.back() != '-' &&
         std::ranges::all_of(label, [](char c) { return is_letter_or_digit(c) || c == '-'; });
}

}  // namespace

bool valid_mail_address(std::string_view text) {
  const auto at = text.rfind('@');
  if (at == std::string_view::npos || text.size() > longest_address) return false;
  const auto local = text.substr(0, at);
  const auto host = text.substr(at + 1);
  return local.size() <= longest_local_part && every_part(local, good_atom) && host.contains('.') &&
         every_part(host, good_label);
}

std::string mailbox_form(std::string_view address) {
  std::string form(address);
  const auto at = form.rfind('@');
  for (std::size_t i = at == std::string::npos ? form.size() : at; i < form.size(); ++i) {
    if (form[i] >= 'A' && form[i] <= 'Z') form[i] = static_cast<char>(form[i] - 'A' + 'a');
  }
  return form;
}

}  // namespace rekeyer
