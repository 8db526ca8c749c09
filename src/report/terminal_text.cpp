#include "report/terminal_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/shown_text.hpp"
#include "base/utf8.hpp"

namespace rekeyer::report {
namespace {

constexpr std::size_t narrowest = 20;

}  // namespace

std::string printable(std::string_view text) { return shown_text(text); }

std::size_t display_width(std::string_view text) { return character_count(text); }

std::string padded(std::string_view text, std::size_t width) {
  const auto shown = display_width(text);
  return std::string(text) + std::string(shown < width ? width - shown : 0, ' ');
}

std::string cut(std::string_view text, std::size_t width) {
  if (width < narrowest || display_width(text) <= width) return std::string(text);
  std::size_t bytes = 0;
  for (std::size_t shown = 0; shown + 1 < width; ++shown) {
    ++bytes;
    while (bytes < text.size() && continues_character(text[bytes])) ++bytes;
  }
  return std::string(text.substr(0, bytes)) + "…";
}

std::string counted(std::size_t count, std::string_view one) {
  return fmt::format("{} {}{}", count, one, count == 1 ? "" : "s");
}

std::string Painter::operator()(std::string_view code, std::string_view text) const {
  return on_ ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string(text);
}

std::string account_heading(const AccountId& id, std::string_view name, rotation::AccountStatus status,
                            std::string_view reason, const Painter& paint) {
  auto text = id.str();
  if (!name.empty()) text += "  " + printable(name);
  text = paint(bold, text);
  if (status != rotation::AccountStatus::done) {
    text += "  " + paint(alarming, fmt::format("[{}]", rotation::name(status)));
  }
  if (!reason.empty()) text += " " + printable(reason);
  return text + "\n";
}

std::string root_keys_line(std::size_t accounts, const Painter& paint) {
  if (accounts == 0) return {};
  return paint("33", fmt::format("The root user has an active access key in {}: delete it by hand.",
                                 counted(accounts, "account"))) +
         "\n";
}

}  // namespace rekeyer::report
