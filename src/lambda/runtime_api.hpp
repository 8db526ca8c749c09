// Lambda's Runtime API (2018-06-01): how a custom runtime gets its events and gives its answers.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "aws/http/transport.hpp"
#include "base/task.hpp"
#include "base/time.hpp"

namespace rekeyer::lambda {

struct Invocation {
  std::string request_id;
  Instant deadline{};  ///< by the machine's clock
  std::string trace_id;
  std::string event;
};

/// An error in Lambda's form.
struct FunctionError {
  std::string type;  ///< "rekeyer.Usage"
  std::string message;
};
FunctionError function_error(const Error& error);
/// {"errorMessage", "errorType", "stackTrace"}
std::string to_json(const FunctionError& error);

class RuntimeApi {
 public:
  /// `authority`: AWS_LAMBDA_RUNTIME_API, "host:port". Fails with `usage`.
  static Result<RuntimeApi> at(aws::Transport& transport, std::string_view authority);

  /// Waits for the next event, for as long as that takes.
  ResultTask<Invocation> next();
  /// Fails with `limit_exceeded` where the answer is too long for Lambda (6 MB): report an error then.
  ResultTask<> respond(std::string request_id, std::string answer);
  ResultTask<> report_error(std::string request_id, FunctionError error);
  ResultTask<> report_init_error(FunctionError error);

 private:
  RuntimeApi(aws::Transport& transport, aws::Url base) : transport_(&transport), base_(std::move(base)) {}
  ResultTask<> post(std::string path, std::string body, std::optional<std::string> error_type);
  aws::HttpRequest request(std::string method, std::string path) const;

  aws::Transport* transport_;
  aws::Url base_;
};

}  // namespace rekeyer::lambda
