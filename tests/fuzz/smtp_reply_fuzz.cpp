// What a mail server says: however it is cut into pieces the replies are the same, they are well-formed, and reading
// ends.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "notify/channels/smtp/refusal.hpp"
#include "notify/channels/smtp/reply.hpp"

namespace {

using rekeyer::notify::SmtpReplyParser;

/// The words of every reply, and "broken" where the parser gave up.
std::vector<std::string> read(std::string_view text, std::size_t piece) {
  SmtpReplyParser parser;
  std::vector<std::string> seen;
  const auto take = [&](std::string_view bytes) {
    const auto reply = parser.feed(bytes);
    if (!reply) {
      seen.emplace_back("broken");
      return false;
    }
    if (!*reply) return false;
    const auto& one = **reply;
    if (one.code < 200 || one.code > 599 || one.lines.empty() || one.lines.size() > SmtpReplyParser::most_lines)
      abort();
    const auto words = one.words();
    if (words.size() > 200 || words.find_first_of(std::string("\r\n\0", 3)) != std::string::npos) abort();
    static_cast<void>(rekeyer::notify::refusal(one, rekeyer::notify::SmtpPhase::mail, "a server", "a mail"));
    seen.push_back(words);
    return true;
  };
  while (!text.empty()) {
    const auto bytes = text.substr(0, piece);
    text.remove_prefix(bytes.size());
    for (bool more = take(bytes); more; more = take({})) {
    }
    if (!seen.empty() && seen.back() == "broken") break;
  }
  return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (read(text.substr(1), text.size()) != read(text.substr(1), static_cast<std::uint8_t>(text[0]) % 7U + 1U)) abort();
  return 0;
}
