// The ids that AWS would choose, chosen from a seed: the same world twice has the same ids.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/names.hpp"
#include "base/random.hpp"

namespace rekeyer::sandbox {

class Ids {
 public:
  explicit Ids(std::uint64_t seed) : seed_(seed), random_(seed) {}

  AccessKeyId access_key();  ///< AKIA and 16 of A–Z, 2–7
  /// The same of a series of the user's own: whatever was drawn for others meanwhile. Clients sort keys by their ids,
  /// so two runs that call for several users at once would differ in more than names.
  AccessKeyId access_key_of(const std::string& user_id);
  AccessKeyId session_key();                    ///< ASIA…
  std::string secret_key();                     ///< 40 of A–Z, a–z, 0–9, + and /
  std::string session_token();                  ///< long, base64-like
  std::string unique(std::string_view prefix);  ///< "AIDA" → AIDA and 17 of A–Z, 2–7
  std::string uuid();
  std::string signing_key();              ///< a private key of the curve P-256; see is_signing_key
  std::string lower(std::size_t length);  ///< of a–z and 0–9
  std::string mixed(std::size_t length);  ///< of A–Z, a–z and 0–9: the end of a secret's ARN

 private:
  std::string draw(std::string_view alphabet, std::size_t length);
  std::uint64_t seed_;
  Random random_;
  std::map<std::string, Random> of_users_;
};

/// 64 hexadecimal digits in lower case: a number from 1 to one less than the curve's order.
bool is_signing_key(std::string_view text);

}  // namespace rekeyer::sandbox
