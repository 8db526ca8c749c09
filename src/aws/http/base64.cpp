// Base64 by table: a credential report is megabytes of it, and a wrong letter must be an error, not a guess.
#include "aws/http/base64.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdint>

namespace rekeyer::aws {
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
  std::string result(text.size() / 4 * 3 + 3, '\0');
  std::size_t length = 0;
  const auto append = [&](std::uint32_t group, std::size_t bytes) {
    for (std::size_t i = 0; i < bytes; ++i) result[length++] = static_cast<char>(group >> (16U - 8U * i) & 255U);
  };
  const auto value_at = [&](std::size_t i) { return values[static_cast<unsigned char>(text[i])]; };
  std::uint32_t group = 0;
  std::size_t count = 0;  // of letters and padding in the group
  std::size_t padded = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    // Nearly every group is four letters in a row; the rest of the loop is for blanks, padding and what is wrong.
    while (count == 0 && padded == 0 && i + 4 <= text.size()) {
      const std::array<std::uint32_t, 4> four{value_at(i), value_at(i + 1), value_at(i + 2), value_at(i + 3)};
      if ((four[0] | four[1] | four[2] | four[3]) > 63) break;
      append(four[0] << 18U | four[1] << 12U | four[2] << 6U | four[3], 3);
      i += 4;
    }
    if (i == text.size()) break;
    const auto value = value_at(i);
    if (value == blank) continue;
    const bool misplaced = value == padding ? count < 2 : padded > 0;
    if (value == invalid || misplaced) return fail(ErrorKind::bad_reply, "a text in the reply is not Base64");
    padded += value == padding ? 1 : 0;
    group = group << 6U | (value == padding ? 0U : value);
    if (++count < 4) continue;
    append(group, 3 - padded);
    group = 0;
    count = 0;
  }
  if (count != 0) return fail(ErrorKind::bad_reply, "a Base64 text in the reply is cut short");
  result.resize(length);
  return result;
}

}  // namespace rekeyer::aws
