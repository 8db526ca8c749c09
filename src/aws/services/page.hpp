// Lists that come in pages, and reading them to their end: never endlessly, never "as far as it went".
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/task.hpp"

namespace rekeyer::aws {

/// One page; `next` is nothing at the end. A page may be empty although `next` is there.
template <class T>
struct Page {
  std::vector<T> items;
  std::optional<std::string> next;
};

/// Notices a service whose list would never end: the same continuation twice, or more pages than any list has.
class PageTrail {
 public:
  /// `operation`: for the error, "iam:ListUsers".
  explicit PageTrail(std::string operation) : operation_(std::move(operation)) {}
  /// Fails with `bad_reply` where `next` has been seen before or is empty, or is one too many.
  Result<> follow(const std::string& next);

 private:
  std::string operation_;
  std::set<std::size_t> seen_;  ///< hashes: a token may have 100,000 characters
};

/// All items of all pages of `operation` ("iam:ListUsers"). `fetch(next)` gets one page; it outlives the coroutine that
/// it returns.
template <class T>
ResultTask<std::vector<T>> all_pages(std::string operation,
                                     std::function<ResultTask<Page<T>>(std::optional<std::string>)> fetch) {
  std::vector<T> items;
  std::optional<std::string> next;
  PageTrail trail(std::move(operation));
  do {
    auto page = co_await fetch(next);
    if (!page) co_return fail(std::move(page).error());
    items.insert(items.end(), std::make_move_iterator(page->items.begin()), std::make_move_iterator(page->items.end()));
    next = std::move(page->next);
    if (next) {
      const auto followed = trail.follow(*next);
      if (!followed) co_return fail(followed.error());
    }
  } while (next);
  co_return items;
}

}  // namespace rekeyer::aws
