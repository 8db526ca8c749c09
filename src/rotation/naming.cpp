#include "rotation/naming.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/digest.hpp"
#include "base/text.hpp"

namespace rekeyer::rotation {
namespace {

constexpr std::string_view account_placeholder = "{account}";
constexpr std::string_view user_placeholder = "{user}";
constexpr std::string_view run_placeholder = "{run}";

std::string escape(std::string_view user) {
  std::string result;
  for (std::size_t i = 0; i < user.size(); ++i) {
    const auto rest = user.substr(i + 1, 2);
    if (user[i] == ',') {
      result += "=2C";
    } else if (user[i] == '=' && (rest == "2C" || rest == "3D")) {
      result += "=3D";
    } else {
      result += user[i];
    }
  }
  return result;
}

std::string unescape(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i, 3) == "=2C") {
      result += ',';
      i += 2;
    } else if (text.substr(i, 3) == "=3D") {
      result += '=';
      i += 2;
    } else {
      result += text[i];
    }
  }
  return result;
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
  return text;
}

/// What stands in the user's place; nothing where the name does not fit the template.
std::optional<std::string_view> user_part(std::string_view name_template, const AccountId& account,
                                          std::string_view name) {
  const auto at = name_template.find(user_placeholder);
  if (at == std::string_view::npos) return std::nullopt;
  const auto prefix = secret_name_prefix(name_template, account);
  const auto suffix =
      replaced(std::string(name_template.substr(at + user_placeholder.size())), account_placeholder, account.str());
  if (name.size() <= prefix.size() + suffix.size() || !name.starts_with(prefix) || !name.ends_with(suffix)) {
    return std::nullopt;
  }
  return name.substr(prefix.size(), name.size() - prefix.size() - suffix.size());
}

}  // namespace

SecretName secret_name(std::string_view name_template, const AccountId& account, const UserName& user) {
  auto text = replaced(std::string(name_template), account_placeholder, account.str());
  return SecretName(replaced(std::move(text), user_placeholder, escape(user.str())));
}

std::string secret_name_prefix(std::string_view name_template, const AccountId& account) {
  const auto before = name_template.substr(0, name_template.find(user_placeholder));
  return replaced(std::string(before), account_placeholder, account.str());
}

std::optional<UserName> user_of_secret(std::string_view name_template, const AccountId& account,
                                       std::string_view name) {
  const auto part = user_part(name_template, account, name);
  if (!part) return std::nullopt;
  auto user = unescape(*part);
  // Whoever may make secrets may give them names like ours. One that rekeyer would not have given is not taken: neither
  // for a user that can't be, nor for another spelling of a secret that is there.
  if (!valid_user_name(user) || escape(user) != *part) return std::nullopt;
  return UserName(std::move(user));
}

bool fits_template(std::string_view name_template, const AccountId& account, std::string_view name) {
  return user_part(name_template, account, name).has_value();
}

std::string session_name(std::string_view name_template, const RunId& run) {
  return replaced(std::string(name_template), run_placeholder, run.str());
}

VersionId version_token(const AccountId& account, const UserName& user, const AccessKeyId& key) {
  // Newlines can't occur in any of the three, so different triples never join to the same text.
  return VersionId(sha256_hex(fmt::format("rekeyer:1\n{}\n{}\n{}", account, user, key)));
}

bool is_version_token(std::string_view version_id) {
  return version_id.size() == 64 &&
         std::ranges::all_of(version_id, [](char c) { return hex_value(c) >= 0 && !is_upper(c); });
}

}  // namespace rekeyer::rotation
