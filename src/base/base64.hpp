// Base64 (RFC 4648, the standard alphabet): credential reports, blobs of JSON and proxy passwords.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace rekeyer {

std::string base64_encode(std::string_view bytes);
/// Strict about letters and padding; line breaks and blanks between letters are skipped, as XML may fold a long text.
/// Fails with `bad_reply`.
Result<std::string> base64_decode(std::string_view text);

/// The same piece by piece, for a text whose bytes need not be in memory all at once.
class Base64Decoder {
 public:
  /// `text` must outlive it.
  explicit Base64Decoder(std::string_view text) : rest_(text) {}
  /// Appends what the next `length` letters of the text stand for; says false where nothing is left. Fails as
  /// base64_decode().
  Result<bool> next(std::string& bytes, std::size_t length);

 private:
  char* decode(std::string_view text, char* to, bool& valid);

  std::string_view rest_;
  std::uint32_t group_ = 0;
  std::size_t count_ = 0;  ///< of letters and padding in the group
  std::size_t padded_ = 0;
};

}  // namespace rekeyer
