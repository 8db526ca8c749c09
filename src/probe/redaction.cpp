#include "probe/redaction.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace rekeyer::probe {
namespace {

constexpr std::size_t account_digits = 12;
constexpr std::size_t shortest_id = 16;
constexpr std::string_view id_beginnings[] = {"AKIA", "ASIA", "AIDA", "AROA", "AGPA", "ANPA"};

bool is_word(char c) { return is_alnum(c) || c == '_'; }
/// What a mail address, an organization's id or a number may consist of, so that it is taken whole.
bool is_part(char c) { return is_word(c) || c == '-' || c == '.' || c == '@' || c == '+'; }

void replace_all(std::string& text, const std::string& what, const std::string& by) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
}

/// What stands for a word of letters and digits; the word itself where it tells nothing.
std::string_view shown(std::string_view word) {
  if (word.size() == account_digits && std::ranges::all_of(word, is_digit)) return "<account>";
  const bool id = word.size() >= shortest_id &&
                  std::ranges::any_of(id_beginnings, [&](auto beginning) { return word.starts_with(beginning); });
  return id && std::ranges::all_of(word, [](char c) { return is_upper(c) || is_digit(c); }) ? "<id>" : word;
}

/// Words within a part: "arn:aws:iam::111111111111:user/x" has several.
std::string without_ids(std::string_view part) {
  std::string result;
  while (!part.empty()) {
    const auto end =
        std::min(part.size(), static_cast<std::size_t>(std::ranges::find_if_not(part, is_word) - part.begin()));
    result += shown(part.substr(0, end));
    part.remove_prefix(end);
    while (!part.empty() && !is_word(part.front())) {
      result += part.front();
      part.remove_prefix(1);
    }
  }
  return result;
}

bool is_address(std::string_view part) {
  const auto at = part.find('@');
  return at != std::string_view::npos && at > 0 && part.find('.', at) != std::string_view::npos;
}

}  // namespace

Redaction::Redaction(const Account& account) {
  known_.emplace_back(account.arn.str(), "<caller>");
  if (!account.organization.empty()) known_.emplace_back(account.organization, "<organization>");
}

std::string Redaction::operator()(std::string_view text) const {
  std::string known(text);
  for (const auto& [what, by] : known_) replace_all(known, what, by);
  std::string result;
  std::string_view rest = known;
  while (!rest.empty()) {
    const auto end = static_cast<std::size_t>(std::ranges::find_if_not(rest, is_part) - rest.begin());
    const auto part = rest.substr(0, end);
    result += is_address(part) ? "<address>" : without_ids(part);
    rest.remove_prefix(end);
    while (!rest.empty() && !is_part(rest.front())) {
      result += rest.front();
      rest.remove_prefix(1);
    }
  }
  return result;
}

}  // namespace rekeyer::probe
