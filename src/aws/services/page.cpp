// The trail of continuation tokens.
#include "aws/services/page.hpp"

#include <fmt/format.h>

#include <functional>

namespace rekeyer::aws {

namespace {

/// The longest list there is: a region's half a million secrets, a hundred a page, and as many pages that hold nothing.
constexpr std::size_t most_pages = 10'000;

}  // namespace

Result<> PageTrail::follow(const std::string& next) {
  const auto broken = [this](std::string message) {
    return fail(Error{ErrorKind::bad_reply, std::move(message), {}, operation_, {}});
  };
  if (next.empty()) return broken("the list goes on, but the reply does not say where");
  if (!seen_.insert(std::hash<std::string>{}(next)).second) {
    return broken("the list repeats itself: the same continuation was handed out twice");
  }
  if (seen_.size() >= most_pages) return broken(fmt::format("the list has no end: {} pages, and another", most_pages));
  return {};
}

}  // namespace rekeyer::aws
