// GetRandomPassword: each kind of characters, less what is excluded.
#include "sandbox/services/secret_password.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "base/try.hpp"
#include "sandbox/services/secret_rules.hpp"

namespace rekeyer::sandbox {
namespace {

/// The characters to draw from, one text a kind.
ServiceResult<std::vector<std::string>> character_kinds(const Call& call) {
  const auto asked = [&call](std::string_view member) { return call.boolean(member).value_or(false); };
  std::vector<std::string> result;
  if (!asked("ExcludeLowercase")) result.emplace_back("abcdefghijklmnopqrstuvwxyz");
  if (!asked("ExcludeUppercase")) result.emplace_back("ABCDEFGHIJKLMNOPQRSTUVWXYZ");
  if (!asked("ExcludeNumbers")) result.emplace_back("0123456789");
  if (!asked("ExcludePunctuation")) result.emplace_back("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~");
  if (asked("IncludeSpace")) result.emplace_back(" ");
  const std::string_view excluded = call.text_or_empty("ExcludeCharacters");
  for (auto& kind : result) {
    std::erase_if(kind, [excluded](char c) { return excluded.find(c) != std::string_view::npos; });
  }
  std::erase_if(result, [](const std::string& kind) { return kind.empty(); });
  if (result.empty()) return invalid_secret_parameter("No characters are left to make a password of.");
  return result;
}

/// The world's ids are the only source of chance here.
Random drawn_random(Ids& ids) {
  std::uint64_t seed = 14'695'981'039'346'656'037U;  // FNV-1a
  for (const char c : ids.mixed(16)) seed = (seed ^ static_cast<unsigned char>(c)) * 1'099'511'628'211U;
  return Random(seed);
}

}  // namespace

Output get_random_password(const Call& call, const Context& context) {
  const std::int64_t length = call.integer("PasswordLength").value_or(32);
  if (length < 1 || length > 4096) return unsatisfied("passwordLength", "Member must be between 1 and 4096");
  TRY(const auto alphabets, character_kinds(call));
  const bool each = call.boolean("RequireEachIncludedType").value_or(true);
  if (each && static_cast<std::size_t>(length) < alphabets.size()) {
    return invalid_secret_parameter(
        fmt::format("Password length {} is too short based on the required types.", length));
  }
  Random random = drawn_random(context.world.ids);
  std::string all;
  for (const auto& alphabet : alphabets) all += alphabet;
  const auto draw = [&random](const std::string& from) { return from[random.below(from.size())]; };
  std::string password;
  if (each) {
    for (const auto& alphabet : alphabets) password += draw(alphabet);
  }
  while (password.size() < static_cast<std::size_t>(length)) password += draw(all);
  for (std::size_t last = password.size() - 1; last > 0; --last) {
    std::swap(password[last], password[random.below(last + 1)]);
  }
  return boost::json::object{{"RandomPassword", password}};
}

}  // namespace rekeyer::sandbox
