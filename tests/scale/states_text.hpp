// What the Amazon States Language says in texts: reference paths, payload templates, and the one intrinsic function
// that rekeyer's state machine uses. Pure. What it does not know is an error, never ignored.
#pragma once

#include <boost/json/value.hpp>
#include <expected>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace rekeyer::scale {

/// A state's failure, as Retry and Catch see it.
struct StateError {
  std::string name;  ///< "States.Runtime", "Lambda.TooManyRequestsException", or a function's own
  std::string cause;
};
using Outcome = std::expected<boost::json::value, StateError>;

/// What paths may lead into: a state's input, and the context object (`$$`).
struct Scope {
  const boost::json::value& input;
  const boost::json::value& context;
};

/// "$", "$.a.b", "$$.Execution.Name": nothing else of JSONPath is known. Fails with `usage`.
Result<> check_path(std::string_view path);
/// Every member whose name ends in ".$" holds a path or States.Format. Fails with `usage`.
Result<> check_template(const boost::json::value& payload);

/// Fails with States.Runtime where the path leads nowhere, as Step Functions does.
Outcome read_path(std::string_view path, const Scope& scope);
Outcome fill_template(const boost::json::value& payload, const Scope& scope);
/// The input with `result` at `path`: ResultPath.
Outcome put_result(boost::json::value input, std::string_view path, boost::json::value result);

}  // namespace rekeyer::scale
