// Reading IAM's elements.
#include "aws/services/iam_values.hpp"

#include "aws/services/exchange.hpp"
#include "base/text.hpp"
#include "base/try.hpp"

namespace rekeyer::aws {
namespace {

/// AWS writes N/A where it has nothing to say.
Result<std::string> text_unless_not_applicable(const XmlNode& node, std::string_view path) {
  TRY(auto text, text_or_empty(node, path));
  if (text == "N/A") text.clear();
  return text;
}

}  // namespace

KeyStatus read_status(std::string_view text) {
  if (text == "Active") return KeyStatus::active;
  if (text == "Inactive") return KeyStatus::inactive;
  return KeyStatus::other;
}

Result<> check_same_user(const XmlNode& node, const UserName& user) {
  TRY(const auto named, node.optional_text("UserName"));
  // IAM finds users whatever the case of their name.
  if (named && !equal_ignoring_case(*named, user.str())) {
    return fail(ErrorKind::bad_reply, "the reply is about another user than the one asked for");
  }
  return {};
}

Result<AccessKeyMetadata> read_access_key(const XmlNode& member) {
  AccessKeyMetadata key;
  TRY(auto id, required_text(member, "AccessKeyId"));
  key.id = AccessKeyId(std::move(id));
  TRY(const auto status, required_text(member, "Status"));
  key.status = read_status(status);
  TRY(key.created, member.time("CreateDate"));
  return key;
}

Result<LastUse> read_last_use(const XmlNode& result) {
  TRY(const auto node, result.required("AccessKeyLastUsed"));
  TRY(const auto at, node.optional_time("LastUsedDate"));
  if (!at) return LastUse::never();
  TRY(auto service, text_unless_not_applicable(node, "ServiceName"));
  TRY(auto region, text_unless_not_applicable(node, "Region"));
  return LastUse::used(*at, std::move(service), std::move(region));
}

Result<KeyUse> read_key_use(const XmlNode& result) {
  KeyUse use;
  TRY(auto user, text_or_empty(result, "UserName"));  // the root user's key has none
  use.user = UserName(std::move(user));
  TRY(use.last, read_last_use(result));
  return use;
}

Result<User> read_user(const XmlNode& member) {
  User user;
  TRY(user.name, read_user_name(member));
  TRY(auto id, required_text(member, "UserId"));
  user.id = UserId(std::move(id));
  TRY(auto arn, required_text(member, "Arn"));
  user.arn = Arn(std::move(arn));
  TRY(user.path, required_text(member, "Path"));
  TRY(user.created, member.time("CreateDate"));
  return user;
}

Result<UserDetail> read_user_detail(const XmlNode& member) {
  UserDetail detail;
  TRY(detail.user, read_user(member));
  for (const XmlNode& node : member.children("Tags")) {
    TRY(auto tag, read_tag(node));
    detail.tags.insert_or_assign(std::move(tag.first), std::move(tag.second));
  }
  for (const XmlNode& node : member.children("GroupList")) {
    TRY(auto group, required_text(node, {}));
    detail.groups.emplace_back(std::move(group));
  }
  return detail;
}

Result<std::pair<std::string, std::string>> read_tag(const XmlNode& member) {
  TRY(auto key, required_text(member, "Key"));
  TRY(const auto value, member.text("Value"));
  return std::pair{std::move(key), std::string(value)};
}

Result<UserName> read_user_name(const XmlNode& member) {
  TRY(auto name, required_text(member, "UserName"));
  return UserName(std::move(name));
}

Result<IssuedKey> read_issued_key(const XmlNode& result, const UserName& user) {
  TRY(const auto node, result.required("AccessKey"));
  TRY_VOID(check_same_user(node, user));
  TRY(auto id, required_text(node, "AccessKeyId"));
  TRY(const auto secret, node.text("SecretAccessKey"));
  if (secret.empty()) return fail(ErrorKind::bad_reply, "SecretAccessKey is empty in the reply");
  TRY(const auto created, node.time("CreateDate"));
  auto credentials = std::make_shared<Credentials>();
  credentials->id = AccessKeyId(std::move(id));
  credentials->secret = Secret(secret);
  return IssuedKey{std::move(credentials), created};
}

Result<std::optional<std::string>> read_marker(const XmlNode& result) {
  TRY(const auto truncated, result.optional_boolean("IsTruncated"));
  TRY(const auto marker, result.optional_text("Marker"));
  if (!truncated.value_or(false)) return std::nullopt;
  return std::string(marker.value_or(std::string_view{}));
}

}  // namespace rekeyer::aws
