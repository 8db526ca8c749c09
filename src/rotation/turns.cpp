#include "rotation/turns.hpp"

#include <deque>
#include <vector>

#include "base/signal.hpp"

namespace rekeyer::rotation {

class Turns {
 public:
  explicit Turns(std::size_t places) : gates_(places), passed_(places) { open_next(); }

  Gate& gate(std::size_t place) { return gates_[place]; }

  void pass(std::size_t place) {
    passed_[place] = true;
    while (first_ < passed_.size() && passed_[first_]) {
      ++first_;
      open_next();
    }
  }

 private:
  void open_next() {
    if (first_ < gates_.size()) gates_[first_].open();
  }

  std::deque<Gate> gates_;  ///< a deque, since gates can't be moved
  std::vector<bool> passed_;
  std::size_t first_ = 0;  ///< of those that have not passed
};

Task<std::optional<std::string>> Turn::take(ChangeBudget& budget, AccountId account) {
  co_await turns_->gate(place_).wait();
  auto refusal = budget.take(account);
  pass();
  co_return refusal;
}

void Turn::pass() { turns_->pass(place_); }

std::shared_ptr<Turns> make_turns(std::size_t places) { return std::make_shared<Turns>(places); }

}  // namespace rekeyer::rotation
