// IAM's elements as values: users, keys, tags. Pure; each reader fails with `bad_reply` where something needed is
// missing.
#pragma once

#include "aws/http/xml.hpp"
#include "aws/services/iam.hpp"
#include "aws/services/page.hpp"

namespace rekeyer::aws {

Result<AccessKeyMetadata> read_access_key(const XmlNode& member);
Result<LastUse> read_last_use(const XmlNode& result);
Result<KeyUse> read_key_use(const XmlNode& result);
Result<User> read_user(const XmlNode& member);
Result<UserDetail> read_user_detail(const XmlNode& member);
Result<std::pair<std::string, std::string>> read_tag(const XmlNode& member);
Result<UserName> read_user_name(const XmlNode& member);
/// CreateAccessKey's result. The secret goes from the wiped document straight into Secret. Fails where it is another
/// user's.
Result<IssuedKey> read_issued_key(const XmlNode& result, const UserName& user);

KeyStatus read_status(std::string_view text);
/// "Active" … for a reply about `user` that names another user, `bad_reply`.
Result<> check_same_user(const XmlNode& node, const UserName& user);

/// One page of the members of `list`; `next` from IsTruncated and Marker.
template <class T>
Result<Page<T>> read_iam_page(const XmlNode& result, std::string_view list, Result<T> (*read)(const XmlNode&));

/// Where the list goes on: nothing at its end, an empty text where the reply does not say.
Result<std::optional<std::string>> read_marker(const XmlNode& result);

template <class T>
Result<Page<T>> read_iam_page(const XmlNode& result, std::string_view list, Result<T> (*read)(const XmlNode&)) {
  Page<T> page;
  // The list must be there, if empty: without it the reply is no answer to this question.
  if (auto present = result.required(list); !present) return fail(std::move(present).error());
  for (const XmlNode& member : result.children(list)) {
    auto item = read(member);
    if (!item) return fail(std::move(item).error());
    page.items.push_back(*std::move(item));
  }
  auto next = read_marker(result);
  if (!next) return fail(std::move(next).error());
  page.next = *std::move(next);
  return page;
}

}  // namespace rekeyer::aws
