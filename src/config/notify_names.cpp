// Formats of what messages are sent by: addresses, URLs, and the names of AWS's services for it.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "base/mail_address.hpp"
#include "base/names.hpp"
#include "base/text.hpp"
#include "config/names.hpp"

namespace rekeyer::config {
namespace {

/// 1 to `most` letters, digits and characters of `more`?
bool consists_of(std::string_view text, std::string_view more, std::size_t most) {
  return !text.empty() && text.size() <= most &&
         std::ranges::all_of(text, [more](char c) { return is_alnum(c) || more.find(c) != std::string_view::npos; });
}

/// The parts of "arn:partition:service:region:account:resource"; nothing where it is of another service, or has no
/// region or account. The resource may hold colons.
struct ArnParts {
  std::string_view region;
  std::string_view resource;
};
std::optional<ArnParts> take_arn_apart(std::string_view text, std::string_view service) {
  std::array<std::string_view, 5> parts;
  for (auto& part : parts) {
    const auto end = text.find(':');
    if (end == std::string_view::npos) return std::nullopt;
    part = text.substr(0, end);
    text.remove_prefix(end + 1);
  }
  if (parts[0] != "arn" || !parts[1].starts_with("aws") || parts[2] != service) return std::nullopt;
  if (check_region(parts[3]) || !valid_account_id(parts[4])) return std::nullopt;
  return ArnParts{parts[3], text};
}

constexpr std::size_t longest_url = 2048;

/// What a URL names before its path. Nothing for what is no URL, and for one with a user's name or password in it.
struct UrlStart {
  bool encrypted = false;
  std::string_view host;
};
std::optional<UrlStart> start_of_url(std::string_view text) {
  const bool visible = std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f; });
  if (!visible || text.size() > longest_url) return std::nullopt;
  UrlStart start;
  if (text.starts_with("https://")) {
    start.encrypted = true;
    text.remove_prefix(8);
  } else if (text.starts_with("http://")) {
    text.remove_prefix(7);
  } else {
    return std::nullopt;
  }
  auto authority = text.substr(0, text.find_first_of("/?#"));
  // "[::1]:8080": the colons of an IPv6 address stand in brackets.
  const auto after_host = authority.starts_with('[') ? authority.find(']') : std::size_t{0};
  if (after_host == std::string_view::npos) return std::nullopt;
  if (const auto colon = authority.find(':', after_host); colon != std::string_view::npos) {
    const auto port = authority.substr(colon + 1);
    if (port.empty() || port.size() > 5 || !std::ranges::all_of(port, is_digit)) return std::nullopt;
    authority = authority.substr(0, colon);
  }
  start.host = authority;
  if (authority.starts_with('[') && authority.ends_with(']')) authority = authority.substr(1, authority.size() - 2);
  if (check_host(authority)) return std::nullopt;
  return start;
}

bool is_loopback(std::string_view host) {
  if (host == "localhost" || host == "[::1]") return true;
  return host.starts_with("127.") && std::ranges::count(host, '.') == 3 &&
         std::ranges::all_of(host, [](char c) { return is_digit(c) || c == '.'; });
}

}  // namespace

Complaint check_mail_address(std::string_view text) {
  if (valid_mail_address(text)) return std::nullopt;
  const auto open = text.find('<');
  if (open != std::string_view::npos && text.ends_with('>') &&
      valid_mail_address(text.substr(open + 1, text.size() - open - 2))) {
    return fmt::format("{} has a name; give the address alone", shown(text));
  }
  return fmt::format("{} is not a mail address, such as ops@example.com", shown(text));
}

Complaint check_mail_sender(std::string_view text) {
  const auto open = text.find('<');
  if (open == std::string_view::npos) return check_mail_address(text);
  const auto name = text.substr(0, open);
  // What has a meaning in a header would need quoting, which not every service does alike.
  const bool plain = name.find_first_not_of(' ') != std::string_view::npos &&
                     name.find_first_of("()<>[]:;@\\,\"") == std::string_view::npos;
  if (plain && text.ends_with('>') && valid_mail_address(text.substr(open + 1, text.size() - open - 2))) {
    return std::nullopt;
  }
  return fmt::format("{} is not a sender, such as Access keys <access-keys@example.com>", shown(text));
}

Complaint check_page_url(std::string_view text) {
  if (start_of_url(text)) return std::nullopt;
  return "is not a URL, such as https://wiki.example.com/access-keys";
}

Complaint check_hook_url(std::string_view text) {
  const auto start = start_of_url(text);
  if (!start) return "is not a URL that begins with https:// and names a host, without a user's name or password";
  if (start->encrypted || is_loopback(start->host)) return std::nullopt;
  return "must begin with https://; http:// is for this machine only (localhost)";
}

Complaint check_host(std::string_view text) {
  const bool name = consists_of(text, ".-", 253) && text.front() != '.' && text.front() != '-' && text.back() != '-' &&
                    text.find("..") == std::string_view::npos;
  const bool ipv6 = text.find(':') != std::string_view::npos && consists_of(text, ":.", 45) &&
                    text.find_first_not_of("0123456789abcdefABCDEF:.") == std::string_view::npos;
  if (name || ipv6) return std::nullopt;
  return fmt::format("{} is not a server's name, such as mail.example.com", shown(text));
}

Complaint check_topic_arn(std::string_view text) {
  const auto arn = take_arn_apart(text, "sns");
  if (arn) {
    auto name = arn->resource;
    if (name.ends_with(".fifo")) name.remove_suffix(5);
    if (consists_of(name, "_-", 256)) return std::nullopt;
  }
  return fmt::format("{} is not a topic's ARN, such as arn:aws:sns:eu-west-1:111111111111:access-keys", shown(text));
}

Complaint check_event_bus(std::string_view text) {
  const auto arn = take_arn_apart(text, "events");
  if (arn && arn->resource.starts_with("event-bus/") && consists_of(arn->resource.substr(10), "/._-", 256)) {
    return std::nullopt;
  }
  if (consists_of(text, "/._-", 256)) return std::nullopt;
  return fmt::format("{} is not an event bus: give its name, or its ARN", shown(text));
}

Complaint check_identity_arn(std::string_view text) {
  const auto arn = take_arn_apart(text, "ses");
  if (arn && arn->resource.starts_with("identity/") &&
      consists_of(arn->resource.substr(9), "!#$%&'*+-/=?^_`{|}~.@", 320)) {
    return std::nullopt;
  }
  return fmt::format("{} is not an identity's ARN, such as arn:aws:ses:eu-west-1:111111111111:identity/example.com",
                     shown(text));
}

Complaint check_parameter(std::string_view text) {
  constexpr std::string_view signs = "/._-";
  constexpr std::size_t longest = 1011;
  const auto arn = take_arn_apart(text, "ssm");
  if (arn && arn->resource.starts_with("parameter/") && consists_of(arn->resource.substr(10), signs, longest)) {
    return std::nullopt;
  }
  if (consists_of(text, signs, longest)) return std::nullopt;
  // Not shown: whoever puts the secret itself here should not find it in a log.
  return "is not the name of a Systems Manager parameter, such as /rekeyer/smtp-password, nor its ARN";
}

Complaint check_configuration_set(std::string_view text) {
  if (consists_of(text, "_-", 64)) return std::nullopt;
  return fmt::format("{} is not a configuration set's name, which has 1 to 64 of letters, digits and _-", shown(text));
}

Complaint check_channel_name(std::string_view text) {
  if (consists_of(text, "._-", 64)) return std::nullopt;
  return fmt::format("{} is not a channel's name, which has 1 to 64 of letters, digits and ._-", shown(text));
}

Complaint check_templates_place(std::string_view text) {
  const auto colon = text.find("://");
  if (colon == std::string_view::npos && !text.starts_with("s3:")) return std::nullopt;
  if (text.starts_with("s3://")) {
    const auto rest = text.substr(5);
    const auto bucket = rest.substr(0, rest.find('/'));
    if (bucket.size() >= 3 && consists_of(bucket, ".-", 63) && text.find("//", 5) == std::string_view::npos) {
      return std::nullopt;
    }
  }
  return fmt::format("{} is neither a folder nor s3://bucket/prefix", shown(text));
}

Complaint check_owner_word(std::string_view text) {
  const bool good = !text.empty() && text.size() <= 256 && text.find_first_of(" :/,;@<>\"'") == std::string_view::npos;
  if (good) return std::nullopt;
  return fmt::format("{} is not one word, as a tag may hold it: without spaces, @, colons, commas and slashes",
                     shown(text));
}

Complaint check_mail_domain(std::string_view text) {
  if (!text.contains('@') && valid_mail_address("a@" + std::string(text))) return std::nullopt;
  return fmt::format("{} is not a mail domain such as example.com", shown(text));
}

std::string_view region_of_arn(std::string_view text) {
  if (!text.starts_with("arn:")) return {};
  for (int part = 0; part < 3; ++part) {
    const auto end = text.find(':');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  return text.substr(0, text.find(':'));
}

}  // namespace rekeyer::config
