#include "aws/services/iam_role.hpp"

#include "aws/services/exchange.hpp"
#include "aws/services/iam_values.hpp"
#include "base/try.hpp"

namespace rekeyer::aws {
namespace {

Result<Role> read_role(const XmlNode& result) {
  TRY(const auto node, result.required("Role"));
  Role role;
  TRY(auto arn, required_text(node, "Arn"));
  role.arn = Arn(std::move(arn));
  TRY(const auto trust, required_text(node, "AssumeRolePolicyDocument"));
  TRY(role.trust, percent_decode(trust));
  for (const XmlNode& member : node.children("Tags")) {
    TRY(auto tag, read_tag(member));
    role.tags.insert_or_assign(std::move(tag.first), std::move(tag.second));
  }
  return role;
}

}  // namespace

ResultTask<Role> RoleClient::role(RoleName name) {
  QueryBody body = query_body(services::iam, "GetRole");
  body.add("RoleName", name.str());
  return query_exchange<Role>(caller_, principal_, query_call(services::iam, "GetRole", std::move(body)), read_role);
}

}  // namespace rekeyer::aws
