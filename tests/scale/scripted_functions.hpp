// Functions that answer what a test has written down, and a bucket in memory.
#pragma once

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "fakes/virtual_time.hpp"
#include "scale/interpreter.hpp"

namespace rekeyer::scale {

class ScriptedFunctions final : public Functions {
 public:
  explicit ScriptedFunctions(Clock& clock) : clock_(clock) {}

  /// What the next invocations answer, one after another; afterwards `{}`.
  std::deque<Outcome> answers;
  /// Decides where it is set.
  std::function<Outcome(const boost::json::value& payload)> by_payload;
  Milliseconds takes{0};

  struct Invoked {
    std::string function;
    std::string payload;
    Milliseconds at{};
  };
  std::vector<Invoked> invoked;
  std::size_t running = 0;
  std::size_t most_running = 0;

  Task<Outcome> invoke(std::string function, boost::json::value payload) override {
    invoked.push_back({std::move(function), boost::json::serialize(payload), clock_.now() - fakes::VirtualTime::start});
    most_running = std::max(most_running, ++running);
    co_await clock_.sleep_for(takes);
    --running;
    if (by_payload) co_return by_payload(payload);
    if (answers.empty()) co_return boost::json::value(boost::json::object{});
    auto answer = std::move(answers.front());
    answers.pop_front();
    co_return answer;
  }

 private:
  Clock& clock_;
};

class MemoryBucket final : public ObjectStore {
 public:
  std::map<std::string, std::string> objects;
  std::optional<std::string> read(const std::string& bucket, const std::string& key) override {
    const auto found = objects.find(bucket + "/" + key);
    if (found == objects.end()) return std::nullopt;
    return found->second;
  }
  bool write(const std::string& bucket, const std::string& key, std::string text) override {
    objects[bucket + "/" + key] = std::move(text);
    return true;
  }
};

inline Outcome failure(std::string name) { return std::unexpected(StateError{std::move(name), "told to"}); }

}  // namespace rekeyer::scale
