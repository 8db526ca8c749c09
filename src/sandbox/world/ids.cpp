#include "sandbox/world/ids.hpp"

#include "base/stable_hash.hpp"

namespace rekeyer::sandbox {
namespace {
constexpr std::string_view base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::string_view base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view letters_and_digits = base64.substr(0, 62);
constexpr std::string_view hexadecimal = "0123456789abcdef";
/// Of the points of P-256, as SEC 2 has it.
constexpr std::string_view order = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
constexpr std::string_view lower_and_digits = base64.substr(26, 36);

std::string drawn(Random& random, std::string_view alphabet, std::size_t length) {
  std::string text(length, ' ');
  for (char& c : text) c = alphabet[random.below(alphabet.size())];
  return text;
}

}  // namespace

std::string Ids::draw(std::string_view alphabet, std::size_t length) { return drawn(random_, alphabet, length); }

AccessKeyId Ids::access_key() { return AccessKeyId("AKIA" + draw(base32, 16)); }

AccessKeyId Ids::access_key_of(const std::string& user_id) {
  auto& series = of_users_.try_emplace(user_id, stable_hash(user_id, seed_)).first->second;
  return AccessKeyId("AKIA" + drawn(series, base32, 16));
}

AccessKeyId Ids::session_key() { return AccessKeyId("ASIA" + draw(base32, 16)); }
std::string Ids::secret_key() { return draw(base64, 40); }
std::string Ids::session_token() { return "IQoJb3JpZ2luX2Vj" + draw(base64, 240); }
std::string Ids::unique(std::string_view prefix) { return std::string(prefix) + draw(base32, 17); }
std::string Ids::signing_key() {
  for (;;) {
    if (auto key = draw(hexadecimal, order.size()); is_signing_key(key)) return key;
  }
}

std::string Ids::lower(std::size_t length) { return draw(lower_and_digits, length); }
std::string Ids::mixed(std::size_t length) { return draw(letters_and_digits, length); }

bool is_signing_key(std::string_view text) {
  const bool digits = text.size() == order.size() && text.find_first_not_of(hexadecimal) == std::string_view::npos;
  return digits && text < order && text.find_first_not_of('0') != std::string_view::npos;
}

std::string Ids::uuid() {
  std::string text = random_.hex(32);
  text[12] = '4';
  text[16] = "89ab"[random_.below(4)];
  for (const std::size_t at : {8u, 13u, 18u, 23u}) text.insert(at, 1, '-');
  return text;
}

}  // namespace rekeyer::sandbox
