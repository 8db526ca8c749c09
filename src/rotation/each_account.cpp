#include "rotation/each_account.hpp"

#include <optional>
#include <utility>

#include "base/concurrency.hpp"

namespace rekeyer::rotation {

ResultTask<> for_each_account(AccountSource& accounts, std::size_t concurrency, const StopFlag& stop,
                              std::function<Task<void>(AccountTarget)> visit) {
  bool listing = true;
  std::optional<Error> failure;
  co_await run_workers(concurrency, [&](std::size_t) -> Task<void> {
    while (listing && !stop.requested()) {
      auto next = co_await accounts.next();
      if (!next) {
        listing = false;
        failure = next.error();
      } else if (!*next) {
        listing = false;
      } else {
        co_await visit(*std::move(*next));
      }
    }
  });
  if (failure) co_return fail(*std::move(failure));
  co_return Result<>{};
}

}  // namespace rekeyer::rotation
