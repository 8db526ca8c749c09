// Base64 by tables: a credential report is megabytes of it, and a wrong letter must be an error, not a guess.
#include "base/base64.hpp"

#include <array>

#include "base/try.hpp"

namespace rekeyer {
namespace {

constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t invalid = 255;
constexpr std::uint8_t blank = 254;
constexpr std::uint8_t padding = 253;

constexpr auto values = [] {
  std::array<std::uint8_t, 256> table{};
  table.fill(invalid);
  for (std::size_t i = 0; i < letters.size(); ++i) {
    table[static_cast<unsigned char>(letters[i])] = static_cast<std::uint8_t>(i);
  }
  for (const char c : {' ', '\t', '\r', '\n'}) table[static_cast<unsigned char>(c)] = blank;
  table['='] = padding;
  return table;
}();

/// What a letter adds to its group's 24 bits, by its place in the group; whatever is no letter sets a bit above them.
constexpr auto shares = [] {
  std::array<std::array<std::uint32_t, 256>, 4> tables{};
  for (std::size_t place = 0; place < tables.size(); ++place) {
    for (std::size_t byte = 0; byte < values.size(); ++byte) {
      tables[place][byte] =
          values[byte] < letters.size() ? std::uint32_t{values[byte]} << (18U - 6U * place) : 1U << 24U;
    }
  }
  return tables;
}();

}  // namespace

std::string base64_encode(std::string_view bytes) {
  std::string result;
  result.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      group = group << 8U | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0U);
    }
    for (std::size_t j = 0; j < 4; ++j) {
      result += i + j <= bytes.size() ? letters[group >> (18U - 6U * j) & 63U] : '=';
    }
  }
  return result;
}

Result<std::string> base64_decode(std::string_view text) {
  Base64Decoder decoder(text);
  std::string bytes;
  TRY_VOID(decoder.next(bytes, text.size()));
  return bytes;
}

Result<bool> Base64Decoder::next(std::string& bytes, std::size_t length) {
  if (rest_.empty()) return false;
  const auto text = rest_.substr(0, length);
  rest_.remove_prefix(text.size());
  bool valid = true;
  const auto before = bytes.size();
  bytes.resize_and_overwrite(before + (text.size() / 4 + 1) * 3, [&](char* to, std::size_t) {
    char* const end = decode(text, to + before, valid);
    return static_cast<std::size_t>(end - to);
  });
  if (!valid) return fail(ErrorKind::bad_reply, "a text in the reply is not Base64");
  if (rest_.empty() && count_ != 0) return fail(ErrorKind::bad_reply, "a Base64 text in the reply is cut short");
  return true;
}

char* Base64Decoder::decode(std::string_view text, char* to, bool& valid) {
  const auto append = [&](std::uint32_t group, std::size_t bytes) {
    for (std::size_t i = 0; i < bytes; ++i) *to++ = static_cast<char>(group >> (16U - 8U * i) & 255U);
  };
  const auto value_at = [&](std::size_t i) { return values[static_cast<unsigned char>(text[i])]; };
  for (std::size_t i = 0; i < text.size(); ++i) {
    // Nearly every group is four letters in a row; the rest of the loop is for blanks, padding and what is wrong.
    if (count_ == 0 && padded_ == 0) {
      for (; i + 4 <= text.size(); i += 4) {
        // Within the text by the loop's condition: asking again for each letter would cost as much as decoding it.
        const char* const letter = text.data() + i;
        const auto share = [letter](std::size_t place) {
          return shares[place][static_cast<unsigned char>(letter[place])];
        };
        const std::uint32_t four = share(0) | share(1) | share(2) | share(3);
        if (four >> 24U != 0) break;
        append(four, 3);
      }
      if (i == text.size()) break;
    }
    const auto value = value_at(i);
    if (value == blank) continue;
    const bool misplaced = value == padding ? count_ < 2 : padded_ > 0;
    valid = value != invalid && !misplaced;
    if (!valid) break;
    padded_ += value == padding ? 1 : 0;
    group_ = group_ << 6U | (value == padding ? 0U : value);
    if (++count_ < 4) continue;
    append(group_, 3 - padded_);
    group_ = 0;
    count_ = 0;
  }
  return to;
}

}  // namespace rekeyer
