#include "probe/checks/secret_requests.hpp"

#include <fmt/format.h>

namespace rekeyer::probe {
namespace {

constexpr int most_versions = 9;

}  // namespace

std::string token_of(const Bench& bench, int number) {
  return fmt::format("rekeyer-{}-version-{:03}", bench.account().run, number);
}

aws::JsonWriter request_about(const SecretName& secret) {
  aws::JsonWriter body;
  body.begin_object().member("SecretId", secret.str());
  return body;
}

Task<Answer> put_value(Client client, SecretName secret, Stored stored) {
  auto body = request_about(secret);
  body.member("ClientRequestToken", stored.token).member("SecretString", stored.value);
  if (!stored.label.empty()) body.begin_array("VersionStages").value(stored.label).end();
  body.end();
  auto answer = co_await client.secret("PutSecretValue", std::move(body));
  co_return answer;
}

Task<Answer> move_label(Client client, SecretName secret, LabelMove move) {
  auto body = request_about(secret);
  body.member("VersionStage", move.label);
  if (!move.from.empty()) body.member("RemoveFromVersionId", move.from);
  if (!move.to.empty()) body.member("MoveToVersionId", move.to);
  body.end();
  auto answer = co_await client.secret("UpdateSecretVersionStage", std::move(body));
  co_return answer;
}

void add_tags(aws::JsonWriter& body, const aws::Tags& tags) {
  body.begin_array("Tags");
  for (const auto& [key, value] : tags) body.begin_object().member("Key", key).member("Value", value).end();
  body.end();
}

Task<Answer> put_policy(Client client, SecretName secret, std::string policy) {
  auto body = request_about(secret);
  body.member("ResourcePolicy", policy).member("BlockPublicPolicy", true).end();
  auto answer = co_await client.secret("PutResourcePolicy", std::move(body));
  co_return answer;
}

std::string reading_policy(const Arn& user) {
  return fmt::format(R"({{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"AWS":"{}"}},)"
                     R"("Action":"secretsmanager:GetSecretValue","Resource":"*"}}]}})",
                     user);
}

Result<> accepted(Answer answer) {
  if (answer.refusal) return fail(*std::move(answer.refusal));
  return {};
}

std::string labels_text(const Bench& bench, const aws::SecretDescription& secret) {
  std::string text;
  for (int number = 1; number <= most_versions; ++number) {
    const auto version = secret.versions.find(VersionId(token_of(bench, number)));
    if (version == secret.versions.end()) continue;
    text += fmt::format("{}version {}:", text.empty() ? "" : "; ", number);
    for (const auto& label : version->second) text += " " + label;
  }
  return text.empty() ? "no labelled version" : text;
}

}  // namespace rekeyer::probe
