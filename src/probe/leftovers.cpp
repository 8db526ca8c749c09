#include "probe/leftovers.hpp"

#include <fmt/format.h>

#include "aws/services/iam_values.hpp"
#include "aws/services/page.hpp"
#include "aws/services/secrets_manager.hpp"
#include "base/try.hpp"
#include "probe/client.hpp"

namespace rekeyer::probe {
namespace {

void add_if_probes(std::vector<Thing>& things, const Account& account, Kind kind, const std::string& name) {
  if (auto run = run_in_name(name)) things.push_back({kind, account.id, account.region(), *std::move(run), name});
}

ResultTask<aws::Page<aws::User>> users_page(const Account& account, std::optional<std::string> next) {
  Client client(account.caller, account.principal);
  Fields fields{{"PathPrefix", std::string(user_path)}};
  if (next) fields.emplace_back("Marker", *next);
  const auto answer = co_await client.query(aws::services::iam, "ListUsers", std::move(fields));
  if (answer.refusal) co_return fail(*answer.refusal);
  co_return aws::read_iam_page<aws::User>(answer.xml, "Users", aws::read_user);
}

/// Topics' names, from their ARNs.
ResultTask<aws::Page<std::string>> topics_page(const Account& account, std::optional<std::string> next) {
  Client client(account.caller, account.principal);
  Fields fields;
  if (next) fields.emplace_back("NextToken", *next);
  const auto answer = co_await client.query(aws::services::sns, "ListTopics", std::move(fields));
  if (answer.refusal) co_return fail(*answer.refusal);
  aws::Page<std::string> page;
  for (const auto& topic : answer.xml.children("Topics")) {
    CO_TRY(const auto arn, topic.text("TopicArn"));
    page.items.emplace_back(arn.substr(arn.rfind(':') + 1));
  }
  CO_TRY(const auto token, answer.xml.optional_text("NextToken"));
  if (token && !token->empty()) page.next = std::string(*token);
  co_return page;
}

}  // namespace

ResultTask<std::vector<Thing>> find_leftovers(const Account& account) {
  std::vector<Thing> things;
  CO_TRY(const auto users, co_await aws::all_pages<aws::User>(
                               "iam:ListUsers", [&](auto next) { return users_page(account, std::move(next)); }));
  for (const auto& user : users) add_if_probes(things, account, Kind::user, user.name.str());
  aws::SecretsManagerClient secrets(account.caller, account.principal);
  CO_TRY(const auto listed, co_await secrets.list_secrets(std::string(name_prefix)));
  for (const auto& secret : listed) add_if_probes(things, account, Kind::secret, secret.name.str());
  CO_TRY(const auto topics, co_await aws::all_pages<std::string>(
                                "sns:ListTopics", [&](auto next) { return topics_page(account, std::move(next)); }));
  for (const auto& topic : topics) add_if_probes(things, account, Kind::topic, topic);
  co_return things;
}

}  // namespace rekeyer::probe
