// Waiting for one another on the one thread: a gate that many tasks await and one opens, and work on many items of
// which only so many are under way at once.
#pragma once

#include <cstddef>
#include <functional>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

#include "base/task.hpp"

namespace rekeyer {

/// Tasks wait() until somebody calls open(); afterwards wait() returns at once. reset() closes it again.
class Gate {
 public:
  Gate();
  ~Gate();
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;
  Task<void> wait();
  void open();
  void reset();
  bool is_open() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Runs `count` workers at once and returns when every one has returned. `worker(i)` must outlive nothing but this
/// call. An exception (a bug) in a worker is rethrown after all have ended.
Task<void> run_workers(std::size_t count, std::function<Task<void>(std::size_t)> worker);

/// Awaits `function(i)` for each i below `count`, in their order, at most `limit` of them at once (0 counts as 1), and
/// returns when every one has returned. Whoever wants to end it early lets `function` return at once for the rest. A
/// bug is rethrown as by run_workers; the worker that met it takes no more items, the others go on.
Task<void> for_each_index(std::size_t count, std::size_t limit, std::function<Task<void>(std::size_t)> function);

/// The same with `function(items[i])`. `items` must stay as it is until the task has ended: neither moved nor resized.
template <class Items, class Function>
Task<void> for_each_bounded(Items& items, std::size_t limit, Function function) {
  return for_each_index(std::size(items), limit, [&items, function = std::move(function)](std::size_t index) mutable {
    return function(items[index]);
  });
}

}  // namespace rekeyer
