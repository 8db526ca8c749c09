#include "config/plain_text.hpp"

#include <fmt/format.h>

#include <optional>

namespace rekeyer::config {
namespace {

/// Takes one character of several bytes off the front of `text`; nothing where it is not UTF-8.
std::optional<char32_t> take_character(std::string_view& text) {
  const auto first = static_cast<unsigned char>(text.front());
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  constexpr char32_t least[] = {0x80, 0x800, 0x10000};
  if (first < 0xc2 || first > 0xf4 || text.size() < length) return std::nullopt;
  char32_t character = first & (0xffU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xc0U) != 0x80U) return std::nullopt;
    character = (character << 6U) | (byte & 0x3fU);
  }
  const bool surrogate = character >= 0xd800 && character <= 0xdfff;
  if (character < least[length - 2] || character > 0x10ffff || surrogate) return std::nullopt;
  text.remove_prefix(length);
  return character;
}

bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }

class Plainer {
 public:
  explicit Plainer(std::string_view text) : rest_(text) {
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    if (rest_.starts_with(byte_order_mark)) rest_.remove_prefix(byte_order_mark.size());
  }

  std::expected<std::string, Unfit> run() {
    while (!rest_.empty()) {
      const auto why = is_ascii(rest_.front()) ? take_ascii() : take_other();
      if (why) return std::unexpected(Unfit{{line_, column_}, std::string(*why)});
    }
    return std::move(plain_);
  }

 private:
  using Why = std::optional<std::string_view>;

  void keep(std::size_t count = 1) {
    plain_ += rest_.substr(0, count);
    rest_.remove_prefix(count);
    column_ += static_cast<int>(count);
  }

  Why take_ascii() {
    const char c = rest_.front();
    if (c == '\n') {
      keep();
      ++line_;
      column_ = 1;
      dots_ = 0;
      quote_ = 0;
      comment_ = false;
    } else if (comment_) {
      keep();
    } else if (quote_ != 0) {
      const bool escape = c == '\\' && quote_ == '"' && rest_.size() > 1 && is_ascii(rest_[1]) && rest_[1] != '\n';
      if (c == quote_) quote_ = 0;
      keep(escape ? 2 : 1);
    } else {
      return take_outside_strings(c);
    }
    return std::nullopt;
  }

  Why take_outside_strings(char c) {
    constexpr int most_dots = 32;
    if (c == '"' || c == '\'') {
      if (rest_.starts_with(std::string(3, c))) return "strings of several lines are not used here; write it on one";
      quote_ = c;
    } else if (c == '#') {
      comment_ = true;
    } else if (c == '.' && ++dots_ > most_dots) {
      return "a name of too many parts";
    }
    keep();
    return std::nullopt;
  }

  Why take_other() {
    const auto character = take_character(rest_);
    if (!character) return "not valid TOML: the file is not UTF-8";
    if (comment_) {
      plain_ += '?';
    } else if (quote_ == '"') {
      plain_ += fmt::format("\\U{:08x}", static_cast<std::uint32_t>(*character));
    } else if (quote_ == '\'') {
      return "letters outside ASCII need \"double quotes\" here";
    } else {
      return "not valid TOML: outside quotes there are plain letters, digits and signs only";
    }
    ++column_;
    return std::nullopt;
  }

  std::string_view rest_;
  std::string plain_;
  int line_ = 1;
  int column_ = 1;
  int dots_ = 0;
  char quote_ = 0;  ///< the quote that ends the string that we are in; 0 outside
  bool comment_ = false;
};

}  // namespace

std::expected<std::string, Unfit> plain_text(std::string_view text) { return Plainer(text).run(); }

}  // namespace rekeyer::config
