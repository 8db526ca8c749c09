#include "config/plain_text.hpp"

#include <fmt/format.h>

#include <optional>

#include "base/utf8.hpp"

namespace rekeyer::config {
namespace {

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
    const auto character = first_character(rest_);
    if (!character.valid) return "not valid TOML: the file is not UTF-8";
    if (comment_) {
      plain_ += '?';
    } else if (quote_ == '"') {
      plain_ += fmt::format("\\U{:08x}", static_cast<std::uint32_t>(character.code));
    } else if (quote_ == '\'') {
      return "letters outside ASCII need \"double quotes\" here";
    } else {
      return "not valid TOML: outside quotes there are plain letters, digits and signs only";
    }
    rest_.remove_prefix(character.bytes);
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
