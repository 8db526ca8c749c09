// Raw mail: base64 around a MIME message, of which the sandbox reads the header only.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rekeyer::sandbox {

struct MailHeader {
  std::string from;
  std::vector<std::string> to;
  std::vector<std::string> cc;
  std::vector<std::string> bcc;
  std::string subject;  ///< as it stands in the mail: encoded words are not decoded
};

/// The header of a MIME message: up to the first empty line, folded lines joined.
MailHeader read_mail_header(std::string_view mail);

}  // namespace rekeyer::sandbox
