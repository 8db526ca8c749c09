// An SMTP server's reply (RFC 5321 section 4.2, enhanced codes of RFC 2034), read as its bytes come. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace rekeyer::notify {

struct SmtpReply {
  int code = 0;                    ///< 200 to 599
  std::string enhanced;            ///< "5.1.1"; empty where the server sends none
  std::vector<std::string> lines;  ///< each line's text, without the code

  /// For messages: "550 5.1.1 No such user", on one line, printable, cut to 200 characters.
  std::string words() const;
};

class SmtpReplyParser {
 public:
  static constexpr std::size_t longest_line = 4096;
  static constexpr std::size_t most_lines = 200;

  /// Takes what came; gives the reply once its last line is whole. Fails with `bad_reply`, and then for ever: the
  /// connection is of no use any more.
  Result<std::optional<SmtpReply>> feed(std::string_view bytes);
  /// Whether more came than the replies given so far: a server speaks only when asked.
  bool surplus() const { return !pending_.empty(); }
  /// From now on no line that can't be understood is repeated in an error: the server is told a password.
  void withhold() { withheld_ = true; }

 private:
  Result<bool> take_line(std::string_view line);

  std::string pending_;
  SmtpReply reply_;
  bool broken_ = false;
  bool withheld_ = false;
};

}  // namespace rekeyer::notify
