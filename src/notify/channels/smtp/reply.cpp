#include "notify/channels/smtp/reply.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/json_text.hpp"
#include "base/shown_text.hpp"
#include "base/text.hpp"
#include "base/try.hpp"

namespace rekeyer::notify {
namespace {

constexpr std::size_t longest_words = 200;

/// "5.1.1" at the front of the text, where it belongs to the code's class.
std::string enhanced_code(std::string_view text, char code_class) {
  const auto code = text.substr(0, text.find(' '));
  std::size_t numbers = 0;
  std::size_t digits = 0;
  for (const char c : code) {
    if (is_digit(c)) {
      if (++digits == 1) ++numbers;
      if (digits > 3) return {};
    } else if (c == '.' && digits > 0) {
      digits = 0;
    } else {
      return {};
    }
  }
  const bool well = numbers == 3 && digits > 0 && code.size() >= 5 && code[0] == code_class && code[1] == '.';
  return well ? std::string(code) : std::string();
}

}  // namespace

std::string SmtpReply::words() const {
  std::string text = std::to_string(code);
  for (const auto& line : lines) {
    // The enhanced code stands on every line; once is enough.
    std::string_view rest = line;
    if (&line != &lines.front() && !enhanced.empty() && rest.starts_with(enhanced)) rest.remove_prefix(enhanced.size());
    while (rest.starts_with(' ')) rest.remove_prefix(1);
    if (rest.empty()) continue;
    text += ' ';
    text += rest;
  }
  return shown_text(text, Unshown::marked, longest_words);
}

Result<std::optional<SmtpReply>> SmtpReplyParser::feed(std::string_view bytes) {
  const auto refused = [this](std::string why) {
    broken_ = true;
    return fail(ErrorKind::bad_reply, std::move(why));
  };
  if (broken_) return refused("the server's reply could not be understood");
  pending_ += bytes;
  for (;;) {
    const auto end = pending_.find('\n');
    if (std::min(end, pending_.size()) > longest_line) return refused("a line of the server's reply is too long");
    if (end == std::string::npos) return std::nullopt;
    std::string line = pending_.substr(0, end);
    pending_.erase(0, end + 1);
    if (line.ends_with('\r')) line.pop_back();
    auto last = take_line(line);
    if (!last) return refused(std::move(last).error().message);
    if (*last) return std::exchange(reply_, {});
  }
}

/// Whether it was the reply's last line.
Result<bool> SmtpReplyParser::take_line(std::string_view line) {
  const auto malformed = [&] {
    if (withheld_) return fail(ErrorKind::bad_reply, "the server's reply is not SMTP");
    return fail(ErrorKind::bad_reply,
                fmt::format("the server's reply is not SMTP: {}", json_quoted(line.substr(0, 80))));
  };
  const bool numbered = line.size() >= 3 && line[0] >= '2' && line[0] <= '5' && is_digit(line[1]) && is_digit(line[2]);
  if (!numbered || (line.size() > 3 && line[3] != ' ' && line[3] != '-')) return malformed();
  const int code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
  if (!reply_.lines.empty() && code != reply_.code) return malformed();
  if (reply_.lines.size() >= most_lines) return fail(ErrorKind::bad_reply, "the server's reply has too many lines");
  const bool last = line.size() == 3 || line[3] == ' ';
  const auto text = line.size() > 4 ? line.substr(4) : std::string_view();
  if (reply_.lines.empty()) reply_.enhanced = enhanced_code(text, line[0]);
  reply_.code = code;
  reply_.lines.emplace_back(text);
  return last;
}

}  // namespace rekeyer::notify
