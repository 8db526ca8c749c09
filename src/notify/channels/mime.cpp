#include "notify/channels/mime.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

#include "base/encoded_words.hpp"
#include "base/json_text.hpp"
#include "base/mail_address.hpp"
#include "base/text.hpp"
#include "base/try.hpp"
#include "notify/model/address.hpp"

namespace rekeyer::notify {
namespace {

constexpr std::size_t longest_line = 76;
/// A word that fits into a line after the longest field name; anything longer is written as encoded words.
constexpr std::size_t longest_word = 60;
/// "=_" can't occur in quoted-printable text, so that no body can hold the boundary.
constexpr std::string_view boundary = "=_rekeyer_alternative";

std::vector<std::string> split_at_spaces(std::string_view text) {
  const auto words = split(text, ' ');
  return {words.begin(), words.end()};
}

/// Whether the words may stand as they are: any reader gives the same text back.
bool stands_for_itself(std::string_view text, const std::vector<std::string>& words) {
  if (!std::ranges::all_of(text, is_printable) || text.find("=?") != std::string_view::npos) return false;
  return std::ranges::none_of(words, [](const auto& word) { return word.empty() || word.size() > longest_word; });
}

/// Unstructured text (a subject) as words between which a line may be folded.
std::vector<std::string> text_words(std::string_view text) {
  auto words = split_at_spaces(text);
  return stands_for_itself(text, words) ? words : encoded_words(text);
}

bool is_atom(std::string_view word) {
  return std::ranges::all_of(word, [](char c) { return is_alnum(c) || c == '-' || c == '_'; });
}

std::vector<std::string> name_words(const std::string& name) {
  if (name.empty()) return {};
  auto words = split_at_spaces(name);
  if (!stands_for_itself(name, words)) return encoded_words(name);
  if (std::ranges::all_of(words, is_atom)) return words;
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  quoted += '"';
  if (quoted.size() > longest_word) return encoded_words(name);
  return {quoted};
}

Result<std::vector<std::string>> mailbox_words(std::string_view text) {
  TRY(const auto mailbox, parse_mailbox(text));
  if (mailbox.name.empty()) return std::vector{mailbox.address};
  auto words = name_words(mailbox.name);
  words.push_back(fmt::format("<{}>", mailbox.address));
  return words;
}

void add_field(std::string& head, std::string_view name, const std::vector<std::string>& words) {
  std::string line = fmt::format("{}:", name);
  bool first = true;
  for (const auto& word : words) {
    if (!first && line.size() + 1 + word.size() > longest_line) {
      head += line + "\r\n";
      line.clear();
    }
    line += ' ';
    line += word;
    first = false;
  }
  head += line + "\r\n";
}

void add_part(std::string& body, std::string_view type, std::string_view text) {
  body += fmt::format("Content-Type: {}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n", type);
  body += quoted_printable(text);
}

}  // namespace

std::string quoted_printable(std::string_view text) {
  std::string result;
  std::size_t column = 0;
  const auto put = [&](std::string_view piece) {
    // The last place of a line is kept for the "=" of a soft line break.
    if (column + piece.size() > longest_line - 1) {
      result += "=\r\n";
      column = 0;
    }
    result += piece;
    column += piece.size();
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool ends_line = c == '\n' || (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n');
    if (ends_line) {
      if (c == '\r') ++i;
      result += "\r\n";
      column = 0;
      continue;
    }
    const auto next = i + 1 < text.size() ? text.substr(i + 1, 2) : std::string_view("\n");
    const bool before_end = next.starts_with('\n') || next.starts_with("\r\n");
    const bool blank = c == ' ' || c == '\t';
    if (blank ? !before_end : is_printable(c) && c != '=') {
      put({&c, 1});
    } else {
      put(fmt::format("={:02X}", static_cast<unsigned char>(c)));
    }
  }
  return result;
}

std::string mail_date(Instant instant) {
  return fmt::format("{:%a, %d %b %Y %H:%M:%S} +0000", std::chrono::floor<std::chrono::seconds>(instant));
}

std::string new_message_id(Random& random, Instant now, std::string_view domain) {
  return fmt::format("{}.{}@{}", compact_iso8601(now), random.hex(24), domain);
}

Result<std::string> mime_message(const Mail& mail, const MailHeader& header) {
  if (std::ranges::any_of(mail.subject, is_control)) {
    return fail(ErrorKind::rejected, fmt::format("the subject {} holds a line break or another control character",
                                                 json_quoted(mail.subject.substr(0, longest_line))));
  }
  if (!valid_mail_address(mail.to)) {
    return fail(ErrorKind::rejected, fmt::format("{} is no mail address that can be used", json_quoted(mail.to)));
  }
  if (!valid_mail_address(header.message_id)) return fail(ErrorKind::rejected, "the Message-ID can't be used");
  TRY(const auto from, mailbox_words(header.from));
  std::vector<std::string> reply_to;
  for (const auto& one : header.reply_to) {
    TRY(const auto words, mailbox_words(one));
    if (!reply_to.empty()) reply_to.back() += ',';
    reply_to.insert(reply_to.end(), words.begin(), words.end());
  }

  std::string text;
  add_field(text, "Date", {mail_date(header.date)});
  add_field(text, "From", from);
  add_field(text, "To", {mail.to});
  if (!reply_to.empty()) add_field(text, "Reply-To", reply_to);
  add_field(text, "Subject", text_words(mail.subject));
  add_field(text, "Message-ID", {fmt::format("<{}>", header.message_id)});
  add_field(text, "MIME-Version", {"1.0"});
  add_field(text, "Auto-Submitted", {"auto-generated"});
  if (mail.html.empty()) {
    add_part(text, "text/plain", mail.text);
    text += "\r\n";
    return text;
  }
  text += fmt::format("Content-Type: multipart/alternative;\r\n boundary=\"{}\"\r\n\r\n", boundary);
  // Plain text first: readers show the last alternative that they can.
  text += fmt::format("--{}\r\n", boundary);
  add_part(text, "text/plain", mail.text);
  text += fmt::format("\r\n--{}\r\n", boundary);
  add_part(text, "text/html", mail.html);
  text += fmt::format("\r\n--{}--\r\n", boundary);
  return text;
}

}  // namespace rekeyer::notify
