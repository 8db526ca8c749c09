#include "probe/client.hpp"

#include "aws/services/exchange.hpp"
#include "base/try.hpp"

namespace rekeyer::probe {
namespace {

/// The result's element; operations without one acknowledge by the document itself.
Result<aws::XmlNode> result_or_root(aws::HttpResponse& reply, const std::string& operation) {
  TRY(auto root, aws::XmlNode::parse(std::move(reply.body)));
  if (root.name() != operation + "Response") return fail(ErrorKind::bad_reply, "the reply is another operation's");
  auto result = root.child(operation + "Result");
  return result ? result : root;
}

}  // namespace

Task<Answer> Client::send(aws::Call call) {
  Answer answer;
  const bool xml = call.service->protocol == aws::Protocol::query;
  call.read = [&answer, xml, operation = call.operation](aws::HttpResponse& reply) -> Result<> {
    if (xml) {
      TRY(answer.xml, result_or_root(reply, operation));
    } else {
      TRY(answer.json, aws::json_result(reply));
    }
    return {};
  };
  call.refused = [&answer](const aws::HttpResponse& reply) { answer.status = reply.status; };
  auto reply = co_await caller_.call(principal_, std::move(call));
  if (!reply) answer.refusal = std::move(reply).error();
  co_return answer;
}

Task<Answer> Client::query(const aws::Service& service, std::string operation, Fields fields,
                           aws::Idempotent idempotent) {
  auto body = aws::query_body(service, operation);
  for (const auto& [name, value] : fields) body.add(name, value);
  return send(aws::query_call(service, std::move(operation), std::move(body), idempotent));
}

Task<Answer> Client::json(const aws::Service& service, std::string operation, aws::JsonWriter body,
                          aws::Idempotent idempotent) {
  return send(aws::json_call(service, std::move(operation), std::move(body), idempotent));
}

Task<Answer> Client::rest(const aws::Service& service, std::string operation, aws::RequestTarget target,
                          aws::JsonWriter body, aws::Idempotent idempotent) {
  return send(aws::rest_json_call(service, std::move(operation), std::move(target), std::move(body), idempotent));
}

Task<Answer> Client::iam(std::string operation, Fields fields, aws::Idempotent idempotent) {
  return query(aws::services::iam, std::move(operation), std::move(fields), idempotent);
}

Task<Answer> Client::secret(std::string operation, aws::JsonWriter body, aws::Idempotent idempotent) {
  return json(aws::services::secrets_manager, std::move(operation), std::move(body), idempotent);
}

}  // namespace rekeyer::probe
