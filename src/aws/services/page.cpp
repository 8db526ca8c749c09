// The trail of continuation tokens.
#include "aws/services/page.hpp"

#include <functional>

namespace rekeyer::aws {

Result<> PageTrail::follow(const std::string& next) {
  const auto broken = [this](std::string message) {
    return fail(Error{ErrorKind::bad_reply, std::move(message), {}, operation_, {}});
  };
  if (next.empty()) return broken("the list goes on, but the reply does not say where");
  if (!seen_.insert(std::hash<std::string>{}(next)).second) {
    return broken("the list repeats itself: the same continuation was handed out twice");
  }
  return {};
}

}  // namespace rekeyer::aws
