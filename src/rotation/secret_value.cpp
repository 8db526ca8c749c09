#include "rotation/secret_value.hpp"

#include "base/json_text.hpp"

namespace rekeyer::rotation {

WipedString secret_value(const aws::IssuedKey& key, const UserName& user) {
  WipedString text;
  text.reserve(512);  // grown once: no half-written copy is left behind
  const auto member = [&](std::string_view name, std::string_view value) {
    text += text.empty() ? "{\"" : ",\"";
    text += name;
    text += "\":";
    text += json_quoted(value);
  };
  member("AccessKeyId", key.id().str());
  // Not through json_quoted, which makes ordinary strings: AWS's secrets are letters, digits, "/" and "+"; anything
  // that JSON would have to escape is escaped here by hand.
  text += ",\"SecretAccessKey\":\"";
  for (const char c : key.credentials->secret.reveal()) {
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  text += '"';
  member("UserName", user.str());
  member("Status", "Active");
  member("CreateDate", iso8601(key.created));
  text += '}';
  return text;
}

}  // namespace rekeyer::rotation
