// Waiting for one another on the one thread: a gate that many tasks await and one opens, and a bounded fan-out over
// them.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
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

}  // namespace rekeyer
