#include "rotation/each_account.hpp"

#include <optional>
#include <utility>

#include "base/concurrency.hpp"

namespace rekeyer::rotation {
namespace {

class Walk {
 public:
  Walk(AccountSource& accounts, const StopFlag& stop, std::function<Task<void>(AccountTarget)> visit)
      : accounts_(accounts), stop_(stop), visit_(std::move(visit)) {}

  Task<void> go_on() {
    while (listing_ && !stop_.requested()) {
      auto next = co_await accounts_.next();
      if (!next) failure_ = next.error();
      if (!next || !*next) {
        listing_ = false;
        co_return;
      }
      co_await visit_(*std::move(*next));
    }
  }

  Result<> result() const {
    if (failure_) return fail(*failure_);
    return {};
  }

 private:
  AccountSource& accounts_;
  const StopFlag& stop_;
  std::function<Task<void>(AccountTarget)> visit_;
  bool listing_ = true;
  std::optional<Error> failure_;
};

}  // namespace

ResultTask<> for_each_account(AccountSource& accounts, std::size_t concurrency, const StopFlag& stop,
                              std::function<Task<void>(AccountTarget)> visit) {
  Walk walk(accounts, stop, std::move(visit));
  co_await run_workers(concurrency, [&walk](std::size_t) { return walk.go_on(); });
  co_return walk.result();
}

}  // namespace rekeyer::rotation
