#include "asked_account.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "aws/sign/sigv4.hpp"
#include "policy/custody.hpp"
#include "policy/intent.hpp"
#include "policy/notice.hpp"
#include "rotation/naming.hpp"
#include "rotation/settings.hpp"
#include "sandbox/access/principal.hpp"
#include "sandbox/world/generate.hpp"

namespace rekeyer::bench {
namespace {

constexpr std::uint64_t seed = 1;

aws::HttpRequest post(std::string_view service, WipedString body) {
  aws::HttpRequest request;
  request.method = "POST";
  request.url.scheme = "https";
  request.url.host = fmt::format("{}.us-east-1.amazonaws.com", service);
  request.body = std::move(body);
  return request;
}

}  // namespace

Instant AskedAccount::now() { return std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}; }

AskedAccount::AskedAccount(std::size_t users) : sandbox_(seed) {
  // The world adds rekeyer's own user to those that it draws.
  sandbox_.world = sandbox::generate_world({seed, 1, users - 1}, now()).world;
  sandbox_.calls.keep = false;
  account_ = sandbox_.world.tooling;
}

aws::HttpResponse AskedAccount::ask(aws::HttpRequest request, std::string_view service) {
  aws::Credentials administrator;
  administrator.id = AccessKeyId("SANDBOXADMIN" + account_.str());
  administrator.secret = Secret(sandbox::administrator_secret);
  aws::SigningScope scope;
  scope.region = "us-east-1";
  scope.service = service;
  scope.time = now();
  aws::sign(request, administrator, scope);
  auto answer = sandbox_.answer(request, now());
  if (answer.response.status != 200) {
    throw std::runtime_error(fmt::format("the sandbox refused: {}", std::string_view(answer.response.body)));
  }
  return std::move(answer.response);
}

aws::HttpResponse AskedAccount::iam(aws::QueryBody body) {
  auto request = post("iam", body.finish());
  request.headers.add("Content-Type", aws::QueryBody::content_type);
  return ask(std::move(request), "iam");
}

aws::HttpResponse AskedAccount::secrets_manager(std::string_view operation, aws::JsonWriter body) {
  auto request = post("secretsmanager", body.finish());
  request.headers.add("Content-Type", "application/x-amz-json-1.1");
  request.headers.add("X-Amz-Target", fmt::format("secretsmanager.{}", operation));
  return ask(std::move(request), "secretsmanager");
}

void AskedAccount::store_secrets(std::size_t count) {
  const rotation::StoreSettings store;
  std::size_t number = 0;
  for (const auto& [folded, user] : sandbox_.world.account(account_).iam.users) {
    if (number++ == count) return;
    const AccessKeyId key(fmt::format("AKIAEXAMPLE{:09}", number));
    const AccessKeyId old_key(fmt::format("AKIAEXAMPLE9{:08}", number));
    policy::Custody custody;
    custody.put({key, policy::KeyPhase::current, now() - std::chrono::days{8}, {}, false, {}});
    custody.put({old_key, policy::KeyPhase::retiring, now() - std::chrono::days{8}, {}, false, {}});
    aws::JsonWriter body;
    body.begin_object()
        .member("Name", rotation::secret_name(store.name_template, account_, user.name).str())
        .member("ClientRequestToken", rotation::version_token(account_, user.name, key).str())
        .member("SecretString", "{}");
    body.begin_array("Tags");
    body.begin_object().member("Key", policy::custody_tag).member("Value", policy::encode(custody).value()).end();
    body.begin_object().member("Key", policy::intent_tag).member("Value", policy::no_intent).end();
    body.end().end();
    secrets_manager("CreateSecret", std::move(body));
  }
}

}  // namespace rekeyer::bench
