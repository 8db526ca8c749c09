// Lambda over rest-json.
#include "aws/services/functions.hpp"

#include <fmt/format.h>

#include "aws/http/query.hpp"
#include "aws/services/exchange.hpp"
#include "base/text.hpp"
#include "base/try.hpp"

namespace rekeyer::aws {

ResultTask<> FunctionsClient::invoke_asynchronously(std::string function, std::string event) {
  if (function.empty()) co_return fail(ErrorKind::usage, "a function without a name was to be invoked");
  Call call;
  call.service = &services::lambda;
  call.operation = "Invoke";
  call.idempotent = Idempotent::yes;  // twice is what Lambda itself may make of one event
  call.target = {"POST", fmt::format("/2015-03-31/functions/{}/invocations", percent_encode(function)), {}, {}};
  call.headers.set("X-Amz-Invocation-Type", "Event");
  call.content_type = "application/json";
  call.body = WipedString(event.begin(), event.end());
  CO_TRY_VOID(co_await caller_.call(principal_, std::move(call)));
  co_return Result<>{};
}

}  // namespace rekeyer::aws
