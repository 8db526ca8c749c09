#include "sandbox/services/ses_raw.hpp"

#include <algorithm>
#include <cstdint>

#include "base/text.hpp"
#include "sandbox/world/iam_state.hpp"

namespace rekeyer::sandbox {
namespace {

/// Splits at commas outside quotes.
std::vector<std::string> addresses(std::string_view list) {
  std::vector<std::string> found(1);
  bool quoted = false;
  for (const char c : list) {
    if (c == '"') quoted = !quoted;
    if (c == ',' && !quoted) {
      found.emplace_back();
    } else {
      found.back() += c;
    }
  }
  for (std::string& address : found) address = std::string(trimmed(address));
  std::erase(found, "");
  return found;
}

void take_field(MailHeader& header, std::string_view field) {
  const std::size_t colon = field.find(':');
  if (colon == std::string_view::npos) return;
  const std::string name = folded(trimmed(field.substr(0, colon)));
  const std::string_view value = trimmed(field.substr(colon + 1));
  if (name == "from") header.from = value;
  if (name == "subject") header.subject = value;
  if (name == "to") header.to = addresses(value);
  if (name == "cc") header.cc = addresses(value);
  if (name == "bcc") header.bcc = addresses(value);
}

}  // namespace

MailHeader read_mail_header(std::string_view mail) {
  MailHeader header;
  std::string field;
  while (!mail.empty()) {
    const std::size_t end = mail.find('\n');
    std::string_view line = mail.substr(0, end);
    mail = end == std::string_view::npos ? std::string_view() : mail.substr(end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) break;
    if (line.front() == ' ' || line.front() == '\t') {
      field += line;
      continue;
    }
    take_field(header, field);
    field = line;
  }
  take_field(header, field);
  return header;
}

}  // namespace rekeyer::sandbox
