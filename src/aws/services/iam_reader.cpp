// IAM's reading half. Every list is asked for in pages of 1000 and read to its end; UserName is always sent, because
// without it IAM answers for the owner of the signing key.
#include <fmt/format.h>

#include "aws/services/exchange.hpp"
#include "aws/services/iam.hpp"
#include "aws/services/iam_values.hpp"
#include "base/try.hpp"

namespace rekeyer::aws {
namespace {

constexpr int iam_page_size = 1000;

/// A listing: the operation, its one parameter and the element that holds the members.
struct Listing {
  std::string operation;
  std::string parameter;
  std::string value;
  std::string list;
};

template <class T>
ResultTask<Page<T>> fetch_iam_page(Caller& caller, Principal principal, Listing listing,
                                   Result<T> (*read)(const XmlNode&), std::optional<std::string> next) {
  QueryBody body = query_body(services::iam, listing.operation);
  if (!listing.parameter.empty()) body.add(listing.parameter, listing.value);
  body.add("MaxItems", iam_page_size);
  if (next) body.add("Marker", *next);
  auto read_result = [list = std::move(listing.list), read](const XmlNode& result) {
    return read_iam_page<T>(result, list, read);
  };
  return query_exchange<Page<T>>(caller, std::move(principal),
                                 query_call(services::iam, std::move(listing.operation), std::move(body)),
                                 std::move(read_result));
}

template <class T>
ResultTask<std::vector<T>> fetch_iam_list(Caller& caller, Principal principal, Listing listing,
                                          Result<T> (*read)(const XmlNode&)) {
  std::string operation = fmt::format("iam:{}", listing.operation);
  auto fetch = [&caller, principal = std::move(principal), listing = std::move(listing),
                read](std::optional<std::string> next) {
    return fetch_iam_page<T>(caller, principal, listing, read, std::move(next));
  };
  return all_pages<T>(std::move(operation), std::move(fetch));
}

Result<std::string> read_policy_document(const XmlNode& result) {
  TRY(const auto encoded, result.text("PolicyDocument"));
  return percent_decode(encoded);
}

}  // namespace

ResultTask<std::vector<AccessKeyMetadata>> IamClient::list_access_keys(UserName user) {
  return fetch_iam_list<AccessKeyMetadata>(
      caller_, principal_, {"ListAccessKeys", "UserName", user.str(), "AccessKeyMetadata"}, read_access_key);
}

ResultTask<KeyUse> IamClient::access_key_last_used(AccessKeyId key) {
  QueryBody body = query_body(services::iam, "GetAccessKeyLastUsed");
  body.add("AccessKeyId", key.str());
  return query_exchange<KeyUse>(caller_, principal_, query_call(services::iam, "GetAccessKeyLastUsed", std::move(body)),
                                read_key_use);
}

ResultTask<std::vector<User>> IamClient::list_users() {
  return fetch_iam_list<User>(caller_, principal_, {"ListUsers", {}, {}, "Users"}, read_user);
}

ResultTask<Tags> IamClient::list_user_tags(UserName user) {
  auto list = co_await fetch_iam_list<std::pair<std::string, std::string>>(
      caller_, principal_, {"ListUserTags", "UserName", user.str(), "Tags"}, read_tag);
  if (!list) co_return fail(std::move(list).error());
  co_return Tags(list->begin(), list->end());
}

ResultTask<UserDetail> IamClient::get_user(UserName user) {
  QueryBody body = query_body(services::iam, "GetUser");
  body.add("UserName", user.str());
  auto read = [user](const XmlNode& result) -> Result<UserDetail> {
    TRY(const auto node, result.required("User"));
    TRY_VOID(check_same_user(node, user));
    return read_user_detail(node);
  };
  return query_exchange<UserDetail>(caller_, principal_, query_call(services::iam, "GetUser", std::move(body)),
                                    std::move(read));
}

ResultTask<std::vector<UserName>> IamClient::group_members(GroupName group) {
  return fetch_iam_list<UserName>(caller_, principal_, {"GetGroup", "GroupName", group.str(), "Users"}, read_user_name);
}

ResultTask<std::vector<UserDetail>> IamClient::user_details() {
  return fetch_iam_list<UserDetail>(caller_, principal_,
                                    {"GetAccountAuthorizationDetails", "Filter.member.1", "User", "UserDetailList"},
                                    read_user_detail);
}

ResultTask<std::optional<std::string>> IamClient::user_policy(UserName user, std::string policy_name) {
  QueryBody body = query_body(services::iam, "GetUserPolicy");
  body.add("UserName", user.str());
  body.add("PolicyName", policy_name);
  auto policy = co_await query_exchange<std::string>(
      caller_, principal_, query_call(services::iam, "GetUserPolicy", std::move(body)), read_policy_document);
  if (!policy && policy.error().kind == ErrorKind::not_found) co_return std::nullopt;
  if (!policy) co_return fail(std::move(policy).error());
  co_return *std::move(policy);
}

}  // namespace rekeyer::aws
