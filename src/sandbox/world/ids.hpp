// The ids that AWS would choose, chosen from a seed: the same world twice has the same ids.
#pragma once

#include <string>
#include <string_view>

#include "base/names.hpp"
#include "base/random.hpp"

namespace rekeyer::sandbox {

class Ids {
 public:
  explicit Ids(std::uint64_t seed) : random_(seed) {}

  AccessKeyId access_key();                     ///< AKIA and 16 of A–Z, 2–7
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
  Random random_;
};

/// 64 hexadecimal digits in lower case: a number from 1 to one less than the curve's order.
bool is_signing_key(std::string_view text);

}  // namespace rekeyer::sandbox
