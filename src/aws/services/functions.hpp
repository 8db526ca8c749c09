// AWS Lambda: invoking a function.
#pragma once

#include <string>

#include "aws/call/caller.hpp"
#include "base/task.hpp"

namespace rekeyer::aws {

class FunctionsClient {
 public:
  FunctionsClient(Caller& caller, Principal principal) : caller_(caller), principal_(std::move(principal)) {}
  /// Hands the event (JSON, at most 256 KB) over and does not wait for what becomes of it. It may be delivered twice.
  /// `function`: its name or ARN. Lambda Invoke with the type Event.
  ResultTask<> invoke_asynchronously(std::string function, std::string event);

 private:
  Caller& caller_;
  Principal principal_;
};

}  // namespace rekeyer::aws
