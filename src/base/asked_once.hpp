// One question that many tasks ask, and that is sent out once.
#pragma once

#include <memory>
#include <utility>

#include "base/concurrency.hpp"
#include "base/task.hpp"

namespace rekeyer {

/// Remembers a question's answer: the first task asks, those who come while it does wait for what it gets, and whoever
/// comes later gets the same. Not for several threads.
template <class Value = void>
class AskedOnce {
 public:
  /// `ask()` gives a ResultTask<Value>; called where nobody has asked yet. Where it throws, as it does when the task is
  /// cancelled, those who wait are told so.
  template <class Ask>
  ResultTask<Value> answer(Ask ask) {
    if (asked_) {
      const auto asked = asked_;
      co_await asked->answered.wait();
      co_return asked->answer;
    }
    const auto asked = std::make_shared<Asked>();
    asked_ = asked;
    try {
      auto answer = co_await ask();
      asked->answer = std::move(answer);
    } catch (...) {
      asked->answered.open();
      throw;
    }
    asked->answered.open();
    co_return asked->answer;
  }

  /// The next one asks anew. Those who wait get the answer that they wait for.
  void forget() { asked_.reset(); }

 private:
  struct Asked {
    Gate answered;
    Result<Value> answer = fail(ErrorKind::cancelled, "the question was given up before its answer came");
  };
  std::shared_ptr<Asked> asked_;
};

}  // namespace rekeyer
