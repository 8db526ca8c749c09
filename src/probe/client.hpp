// Requests that rekeyer itself never makes, sent through the same layer as all others.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "aws/call/caller.hpp"
#include "aws/http/json_writer.hpp"
#include "base/task.hpp"
#include "probe/answer.hpp"

namespace rekeyer::probe {

/// Members of a request of the query protocol, in their order.
using Fields = std::vector<std::pair<std::string, std::string>>;

/// As one principal. A failed call is an answer too: nothing here fails.
class Client {
 public:
  Client(aws::Caller& caller, aws::Principal principal) : caller_(caller), principal_(std::move(principal)) {}

  Task<Answer> query(const aws::Service& service, std::string operation, Fields fields = {},
                     aws::Idempotent idempotent = aws::Idempotent::read);
  /// `body`: an object, finished here.
  Task<Answer> json(const aws::Service& service, std::string operation, aws::JsonWriter body,
                    aws::Idempotent idempotent = aws::Idempotent::read);
  Task<Answer> rest(const aws::Service& service, std::string operation, aws::RequestTarget target,
                    aws::JsonWriter body = {}, aws::Idempotent idempotent = aws::Idempotent::read);

  /// IAM, changing.
  Task<Answer> iam(std::string operation, Fields fields, aws::Idempotent idempotent = aws::Idempotent::yes);
  /// Secrets Manager, changing.
  Task<Answer> secret(std::string operation, aws::JsonWriter body, aws::Idempotent idempotent = aws::Idempotent::yes);

  aws::Caller& caller() { return caller_; }
  const aws::Principal& principal() const { return principal_; }

 private:
  Task<Answer> send(aws::Call call);

  aws::Caller& caller_;
  aws::Principal principal_;
};

}  // namespace rekeyer::probe
