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
  std::string result;
  result.reserve(text.size() / 4 * 3);
  std::uint32_t group = 0;
  std::size_t count = 0;  // of letters and padding
  std::size_t padded = 0;
  for (const char c : text) {
    const auto value = values[static_cast<unsigned char>(c)];
    if (value == blank) continue;
    const bool misplaced = value == padding ? count % 4 < 2 : padded > 0;
    if (value == invalid || misplaced || padded > 2) {
      return fail(ErrorKind::bad_reply, "a text in the reply is not Base64");
    }
    ++count;
    padded += value == padding ? 1 : 0;
    group = group << 6U | (value == padding ? 0U : value);
    if (count % 4 != 0) continue;
    for (std::size_t i = 0; i + padded < 3; ++i) result += static_cast<char>(group >> (16U - 8U * i) & 255U);
    group = 0;
  }
  if (count % 4 != 0) return fail(ErrorKind::bad_reply, "a Base64 text in the reply is cut short");
  return result;
}

}  // namespace rekeyer::aws
