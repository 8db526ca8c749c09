#include "notify/address.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/json_text.hpp"

namespace rekeyer::notify {
namespace {

constexpr std::size_t longest_address = 254;
constexpr std::size_t longest_local_part = 64;

bool is_alphanumeric(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

bool is_atom_character(char c) {
  return is_alphanumeric(c) || std::string_view("!#$%&'*+-/=?^_`{|}~.").find(c) != std::string_view::npos;
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// The text of a quoted name, its backslashes resolved.
std::string unquoted(std::string_view name) {
  if (name.size() < 2 || name.front() != '"' || name.back() != '"') return std::string(name);
  name = name.substr(1, name.size() - 2);
  std::string text;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] == '\\' && i + 1 < name.size()) ++i;
    text += name[i];
  }
  return text;
}

}  // namespace

bool plain_address(std::string_view text) {
  const auto at = text.find('@');
  if (at == std::string_view::npos || text.size() > longest_address) return false;
  const auto local = text.substr(0, at);
  const auto domain = text.substr(at + 1);
  if (local.empty() || local.size() > longest_local_part || !std::ranges::all_of(local, is_atom_character)) {
    return false;
  }
  if (domain.empty() || !is_alphanumeric(domain.front()) || !is_alphanumeric(domain.back())) return false;
  if (domain.find("..") != std::string_view::npos) return false;
  return std::ranges::all_of(domain, [](char c) { return is_alphanumeric(c) || c == '-' || c == '.'; });
}

Result<Mailbox> parse_mailbox(std::string_view text) {
  const auto whole = trimmed(text);
  const auto refused = [&] {
    return fail(ErrorKind::rejected, fmt::format("{} is no mail address that can be used", json_quoted(text)));
  };
  if (std::ranges::any_of(whole, is_control)) return refused();
  Mailbox mailbox;
  if (whole.ends_with('>')) {
    const auto open = whole.rfind('<');
    if (open == std::string_view::npos) return refused();
    mailbox.name = unquoted(trimmed(whole.substr(0, open)));
    mailbox.address = whole.substr(open + 1, whole.size() - open - 2);
  } else {
    mailbox.address = whole;
  }
  if (!plain_address(mailbox.address)) return refused();
  return mailbox;
}

}  // namespace rekeyer::notify
