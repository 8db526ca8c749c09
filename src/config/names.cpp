// Formats of AWS's names, as its own API models state them.
#include "config/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/names.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"

namespace rekeyer::config {
namespace {

/// Only letters, digits and the characters of `more`?
bool made_of(std::string_view text, std::string_view more) {
  return std::ranges::all_of(text, [more](char c) { return is_alnum(c) || more.find(c) != std::string_view::npos; });
}

bool lower_or_digits(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return is_lower(c) || is_digit(c); });
}

bool within(std::size_t size, std::size_t least, std::size_t most) { return size >= least && size <= most; }

bool good_arn_start(const std::vector<std::string_view>& parts, std::string_view service) {
  return parts.size() >= 6 && parts[0] == "arn" && parts[1].starts_with("aws") && parts[2] == service &&
         valid_account_id(parts[4]);
}

/// Text as Secrets Manager sees it when {account} and {user} are filled in; `user` stands for any user name.
struct Pieces {
  std::string tail;  ///< what follows {user}, with {account} as digits
  bool begins_with_user = false;
  std::size_t longest = 0;
  bool account = false;
  bool user = false;
  bool illegal = false;
  Complaint complaint;
};

constexpr std::string_view secret_name_characters = "/_+=.@-";
constexpr std::size_t longest_secret_name = 512;

void take_placeholder(Pieces& pieces, std::string_view name) {
  if (name == "account") {
    if (pieces.account) pieces.complaint = "holds {account} twice";
    pieces.account = true;
    pieces.tail += "000000000000";
    pieces.longest += 12;
  } else if (name == "user") {
    if (pieces.user) pieces.complaint = "holds {user} twice";
    pieces.user = true;
    pieces.begins_with_user = pieces.tail.empty();
    pieces.tail.clear();
    pieces.longest += longest_user_name;
  } else {
    const auto close = did_you_mean(name, {"account", "user"});
    pieces.complaint = fmt::format("holds an unknown placeholder {}; there are {{account}} and {{user}}{}",
                                   shown(fmt::format("{{{}}}", name)), close);
  }
}

Pieces take_apart(std::string_view text) {
  Pieces pieces;
  while (!text.empty() && !pieces.complaint) {
    if (text.front() == '{') {
      const auto end = text.find('}');
      if (end == std::string_view::npos) {
        pieces.complaint = "holds a { without its }";
        break;
      }
      take_placeholder(pieces, text.substr(1, end - 1));
      text.remove_prefix(end + 1);
      continue;
    }
    if (text.front() == '}') {
      pieces.complaint = "holds a } without its {";
    } else if (!made_of(text.substr(0, 1), secret_name_characters)) {
      pieces.illegal = true;
    }
    pieces.tail += text.front();
    pieces.longest += 1;
    text.remove_prefix(1);
  }
  return pieces;
}

/// Secrets Manager appends a hyphen and six characters to a name to make an ARN, and takes "name-abc123" for such an
/// ARN. Can a name that ends in any user name and then `tail` look like that?
bool may_look_like_arn_end(std::string_view tail) {
  constexpr std::size_t random_part = 6;
  const auto plain = [](std::string_view end) { return std::ranges::all_of(end, is_alnum); };
  if (tail.size() <= random_part) return plain(tail);
  const auto end = tail.substr(tail.size() - random_part);
  return plain(end) && tail[tail.size() - random_part - 1] == '-';
}

/// Any letter is allowed, so bytes of other alphabets are taken as they are.
bool made_of_tag_characters(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return static_cast<unsigned char>(c) >= 0x80 || is_alnum(c) ||
           std::string_view(" _.:/=+-@").find(c) != std::string_view::npos;
  });
}

}  // namespace

Complaint check_account_id(std::string_view text) {
  if (valid_account_id(text)) return std::nullopt;
  return fmt::format("{} is not an account id, which has twelve digits", shown(text));
}

Complaint check_ou_id(std::string_view text) {
  const auto parts = split(text, '-');
  const bool root = parts.size() == 2 && parts[0] == "r" && within(parts[1].size(), 4, 32) && lower_or_digits(parts[1]);
  const bool unit = parts.size() == 3 && parts[0] == "ou" && within(parts[1].size(), 4, 32) &&
                    within(parts[2].size(), 8, 32) && lower_or_digits(parts[1]) && lower_or_digits(parts[2]);
  if (root || unit) return std::nullopt;
  return fmt::format(
      "{} is not the id of an organizational unit, such as ou-ab12-cdef3456, or of the root, such as r-ab12",
      shown(text));
}

Complaint check_region(std::string_view text) {
  const auto parts = split(text, '-');
  bool good = parts.size() >= 3 && parts.size() <= 5 && !parts.back().empty() && parts.back().size() <= 2 &&
              std::ranges::all_of(parts.back(), is_digit);
  for (std::size_t i = 0; good && i + 1 < parts.size(); ++i) {
    good = within(parts[i].size(), 2, 12) && std::ranges::all_of(parts[i], is_lower);
  }
  if (good) return std::nullopt;
  return fmt::format("{} is not a region, such as eu-west-1", shown(text));
}

Complaint check_role_name(std::string_view text) {
  if (text.starts_with("arn:")) {
    return fmt::format("{} is an ARN; give the role's name only, which is the same in every account", shown(text));
  }
  const auto slash = text.rfind('/');
  const auto name = slash == std::string_view::npos ? text : text.substr(slash + 1);
  const auto path = slash == std::string_view::npos ? std::string_view{} : text.substr(0, slash + 1);
  if (within(name.size(), 1, 64) && made_of(name, "_+=,.@-") && path.size() <= 512 && made_of(path, "_+=,.@-/") &&
      path.find("//") == std::string_view::npos) {
    return std::nullopt;
  }
  return fmt::format("{} is not a role's name, which has 1 to 64 of letters, digits and _+=,.@-", shown(text));
}

Complaint check_role_arn(std::string_view text) {
  const auto parts = split(text, ':');
  if (parts.size() == 6 && good_arn_start(parts, "iam") && parts[3].empty() && parts[5].starts_with("role/") &&
      parts[5].size() > 5 && made_of(parts[5], "_+=,.@-/")) {
    return std::nullopt;
  }
  return fmt::format("{} is not a role's ARN, such as arn:aws:iam::111111111111:role/organization-reader", shown(text));
}

Complaint check_external_id(std::string_view text) {
  if (within(text.size(), 2, 1224) && made_of(text, "_+=,.@:/-")) return std::nullopt;
  return "must have 2 to 1224 of letters, digits and _+=,.@:/-";
}

Complaint check_user_name(std::string_view text) {
  if (valid_user_name(text)) return std::nullopt;
  return fmt::format("{} is not a user's name, which has 1 to 128 of letters, digits and _+=,.@-", shown(text));
}

Complaint check_user_pattern(std::string_view text) {
  if (within(text.size(), 1, longest_user_name) && made_of(text, "_+=,.@-*?")) return std::nullopt;
  return fmt::format(
      "{} matches no user's name: names are made of letters, digits and _+=,.@-, patterns of * and ? too", shown(text));
}

Complaint check_user_path(std::string_view text) {
  if (text.starts_with('/') && text.size() <= 512) return std::nullopt;
  return fmt::format("{} matches no path: paths begin with /, such as /ci/", shown(text));
}

Complaint check_group_name(std::string_view text) {
  if (within(text.size(), 1, 128) && made_of(text, "_+=,.@-")) return std::nullopt;
  return fmt::format("{} is not a group's name, which has 1 to 128 of letters, digits and _+=,.@-", shown(text));
}

Complaint check_tag_key(std::string_view text) {
  if (text.starts_with("aws:"))
    return fmt::format("{} is reserved: AWS sets tags that begin with aws: itself", shown(text));
  if (made_of_tag_characters(text) && within(text.size(), 1, 128)) return std::nullopt;
  return fmt::format("{} is not a tag's key, which has 1 to 128 of letters, digits, space and _.:/=+-@", shown(text));
}

Complaint check_principal(std::string_view text) {
  const auto fields = split(text, ':');
  constexpr std::string_view others = "_+=,.@-/*?";
  const auto is_account = [](std::string_view field) {
    return valid_account_id(field) || field == "*" || field == "{account}";
  };
  const bool of_iam = fields.size() == 6 && fields[0] == "arn" && fields[1].starts_with("aws") && fields[2] == "iam" &&
                      fields[3].empty() && is_account(fields[4]);
  const auto name = of_iam ? fields[5] : std::string_view();
  const auto rest = name.starts_with("role/")   ? name.substr(5)
                    : name.starts_with("user/") ? name.substr(5)
                                                : std::string_view();
  // A pattern of stars alone would let in everybody in the account.
  const bool says_who = std::ranges::any_of(rest, [](char c) { return is_alnum(c); });
  const bool well_formed =
      std::ranges::all_of(rest, [&](char c) { return is_alnum(c) || others.find(c) != std::string_view::npos; });
  if (says_who && well_formed) return std::nullopt;
  return fmt::format(
      "{} is not the ARN of a role or user; write \"arn:aws:iam::{{account}}:role/rekeyer\", with * and ? "
      "where need be",
      shown(text));
}

Complaint check_store_tag(std::string_view key, std::string_view value) {
  // AWS reserves its prefix in any case; who reads "Rekeyer:…" takes it for ours.
  const auto lower = lower_case(key);
  if (lower.starts_with("aws:")) {
    return fmt::format("{} is reserved: AWS sets tags that begin with aws: itself", shown(key));
  }
  if (lower.starts_with("rekeyer:")) {
    return fmt::format("{} is reserved: rekeyer keeps its own records in tags that begin with rekeyer:", shown(key));
  }
  if (!made_of_tag_characters(key) || !within(character_count(key), 1, 128)) {
    return fmt::format("{} is not a tag's key, which has 1 to 128 of letters, digits, space and _.:/=+-@", shown(key));
  }
  if (made_of_tag_characters(value) && character_count(value) <= 256) return std::nullopt;
  return fmt::format("{} is not a tag's value, which has up to 256 of letters, digits, space and _.:/=+-@",
                     shown(value));
}

Complaint check_session_name(std::string_view text) {
  constexpr std::string_view placeholder = "{run}";
  constexpr std::size_t longest_run = 32;
  std::string example(text);
  if (const auto at = example.find(placeholder); at != std::string::npos) {
    example.replace(at, placeholder.size(), longest_run, 'f');
  }
  if (within(example.size(), 2, 64) && made_of(example, "_+=,.@-")) return std::nullopt;
  return fmt::format(
      "{} is not a session's name, which has 2 to 64 of letters, digits and _+=,.@-; {{run}} in it, at most once, "
      "stands for up to {} of them",
      shown(text), longest_run);
}

Complaint check_kms_key(std::string_view text, std::string_view region) {
  if (text.starts_with("arn:")) {
    const auto parts = split(text, ':');
    if (parts.size() != 6 || !good_arn_start(parts, "kms") ||
        !(parts[5].starts_with("key/") || parts[5].starts_with("alias/")) || !made_of(parts[5], "/_-")) {
      return fmt::format("{} is not a KMS key's ARN, such as arn:aws:kms:eu-west-1:111111111111:key/1234abcd-…",
                         shown(text));
    }
    if (parts[3] != region)
      return fmt::format("{} is a key of {}, and the secret is in {}", shown(text), parts[3], region);
    return std::nullopt;
  }
  if (within(text.size(), 1, 256) && made_of(text, "/_-") &&
      (text.find('/') == std::string_view::npos || text.starts_with("alias/"))) {
    return std::nullopt;
  }
  return fmt::format("{} is not a KMS key: give its id, its ARN, or alias/name", shown(text));
}

Complaint check_name_template(std::string_view text, bool central) {
  const auto pieces = take_apart(text);
  if (pieces.complaint) return pieces.complaint;
  if (pieces.illegal) return "may hold letters, digits and /_+=.@- only, besides {account} and {user}";
  if (!pieces.user) return "must hold {user}, or all users of an account would share one secret";
  if (pieces.begins_with_user) {
    return "must have something before {user}: rekeyer finds an account's secrets by what their names begin with";
  }
  if (central && !pieces.account) {
    return "must hold {account} with location = \"central\", or users of one name in two accounts would share one "
           "secret";
  }
  if (pieces.longest > longest_secret_name) {
    return fmt::format("makes names of up to {} characters, and Secrets Manager takes {}", pieces.longest,
                       longest_secret_name);
  }
  if (may_look_like_arn_end(pieces.tail)) {
    return "can end in a hyphen and six letters or digits, which Secrets Manager takes for the end of an ARN; end it "
           "in something like _AccessKey";
  }
  return std::nullopt;
}

}  // namespace rekeyer::config
