// Gates, and workers that run side by side and end together.
#include "base/concurrency.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

#include "fakes/virtual_time.hpp"

namespace rekeyer {
namespace {

using std::chrono::seconds;

Task<void> pass(Gate& gate, int who, std::vector<int>& passed) {
  co_await gate.wait();
  passed.push_back(who);
}

Task<void> open_later(Clock& clock, Milliseconds later, Gate& gate) {
  co_await clock.sleep_for(later);
  gate.open();
}

TEST(Gate, LetsEverybodyThroughInTheOrderOfTheirComing) {
  fakes::VirtualTime time;
  Gate gate;
  std::vector<int> passed;
  for (int i = 0; i < 5; ++i) time.begin(pass(gate, i, passed));
  time.context.poll();
  EXPECT_TRUE(passed.empty());
  EXPECT_FALSE(gate.is_open());
  time.begin(open_later(time.clock, seconds{3}, gate));
  EXPECT_TRUE(time.run());
  EXPECT_EQ(passed, (std::vector<int>{0, 1, 2, 3, 4}));
  EXPECT_TRUE(gate.is_open());
}

TEST(Gate, StaysOpenUntilItIsReset) {
  fakes::VirtualTime time;
  Gate gate;
  std::vector<int> passed;
  gate.open();
  gate.open();
  time.begin(pass(gate, 1, passed));
  EXPECT_TRUE(time.run());
  EXPECT_EQ(passed, std::vector<int>{1});
  gate.reset();
  EXPECT_FALSE(gate.is_open());
  time.begin(pass(gate, 2, passed));
  EXPECT_FALSE(time.run()) << "nobody opened it";
  EXPECT_EQ(passed, std::vector<int>{1});
  gate.open();
  EXPECT_TRUE(time.run());
  EXPECT_EQ(passed, (std::vector<int>{1, 2}));
}

/// What workers did.
struct Work {
  Clock& clock;
  std::size_t items = 0;
  std::size_t at_once = 0;
  std::size_t most_at_once = 0;
  std::vector<std::size_t> workers{};
  std::vector<std::size_t> done{};
};

Task<void> sleep_once(Work& work, std::size_t worker, Milliseconds length) {
  work.workers.push_back(worker);
  co_await work.clock.sleep_for(length);
  work.done.push_back(worker);
}

/// Takes items as long as there are any, each for a second.
Task<void> take_items(Work& work) {
  while (work.items > 0) {
    --work.items;
    work.most_at_once = std::max(work.most_at_once, ++work.at_once);
    co_await work.clock.sleep_for(seconds{1});
    --work.at_once;
    work.done.push_back(work.items);
  }
}

TEST(RunWorkers, RunsEachOnceAndAllSideBySide) {
  fakes::VirtualTime time;
  Work work{time.clock};
  time.run(run_workers(4, [&](std::size_t i) { return sleep_once(work, i, seconds{10 - i}); }));
  EXPECT_EQ(work.workers, (std::vector<std::size_t>{0, 1, 2, 3}));
  EXPECT_EQ(work.done, (std::vector<std::size_t>{3, 2, 1, 0}));
  EXPECT_EQ(time.elapsed(), seconds{10}) << "the longest one's time, not the sum";
}

TEST(RunWorkers, NeverMoreAtOnceThanAskedFor) {
  fakes::VirtualTime time;
  Work work{time.clock, 10};
  time.run(run_workers(3, [&](std::size_t) { return take_items(work); }));
  EXPECT_EQ(work.done.size(), 10);
  EXPECT_EQ(work.most_at_once, 3);
  EXPECT_EQ(work.at_once, 0);
  EXPECT_EQ(time.elapsed(), seconds{4});
}

Task<void> return_at_once(int& count) {
  ++count;
  co_return;
}

TEST(RunWorkers, WorkersMayReturnAtOnce) {
  fakes::VirtualTime time;
  int count = 0;
  time.run(run_workers(1000, [&](std::size_t) { return return_at_once(count); }));
  EXPECT_EQ(count, 1000);
}

TEST(RunWorkers, NoneIsNoWork) {
  fakes::VirtualTime time;
  int count = 0;
  time.run(run_workers(0, [&](std::size_t) { return return_at_once(count); }));
  EXPECT_EQ(count, 0);
}

Task<void> throw_or_sleep(Work& work, std::size_t worker) {
  if (worker == 0) throw std::runtime_error("first bug");
  co_await work.clock.sleep_for(seconds{5});
  if (worker == 1) throw std::runtime_error("second bug");
  work.done.push_back(worker);
}

Task<void> expect_bug(Work& work, std::string& caught) {
  try {
    co_await run_workers(3, [&](std::size_t i) { return throw_or_sleep(work, i); });
  } catch (const std::runtime_error& bug) {
    caught = bug.what();
  }
}

TEST(RunWorkers, ABugComesOutAfterAllHaveEnded) {
  fakes::VirtualTime time;
  Work work{time.clock};
  std::string caught;
  time.run(expect_bug(work, caught));
  EXPECT_EQ(caught, "first bug");
  EXPECT_EQ(work.done, std::vector<std::size_t>{2}) << "the others were not waited for";
  EXPECT_EQ(time.elapsed(), seconds{5});
}

/// One item for a second.
Task<void> take_item(Work& work, std::size_t item) {
  work.most_at_once = std::max(work.most_at_once, ++work.at_once);
  co_await work.clock.sleep_for(seconds{1});
  --work.at_once;
  work.done.push_back(item);
}

TEST(ForEachBounded, TakesEachItemOnceInOrderAndNeverMoreAtOnceThanTheLimit) {
  fakes::VirtualTime time;
  Work work{time.clock};
  std::vector<std::size_t> items{10, 11, 12, 13, 14, 15, 16};
  time.run(for_each_bounded(items, 3, [&](std::size_t item) { return take_item(work, item); }));
  EXPECT_EQ(work.done, items);
  EXPECT_EQ(work.most_at_once, 3);
  EXPECT_EQ(time.elapsed(), seconds{3});
}

TEST(ForEachBounded, ItemsMayBeChangedWhereTheyLie) {
  fakes::VirtualTime time;
  std::vector<int> items(50);
  time.run(for_each_bounded(items, 4, [](int& item) { return return_at_once(item); }));
  EXPECT_EQ(items, std::vector<int>(50, 1));
}

TEST(ForEachBounded, OfNoItemsItIsNoWork) {
  fakes::VirtualTime time;
  std::vector<int> items;
  time.run(for_each_bounded(items, 4, [](int& item) { return return_at_once(item); }));
  EXPECT_EQ(time.elapsed(), seconds{0});
}

TEST(ForEachBounded, ALimitOfNoneLosesNothing) {
  fakes::VirtualTime time;
  std::vector<int> items(3);
  time.run(for_each_bounded(items, 0, [](int& item) { return return_at_once(item); }));
  EXPECT_EQ(items, std::vector<int>(3, 1));
}

TEST(ForEachIndex, TheOthersGoOnWhereOneMeetsABug) {
  fakes::VirtualTime time;
  Work work{time.clock};
  std::string caught;
  time.run([](Work& work, std::string& caught) -> Task<void> {
    try {
      co_await for_each_index(6, 3, [&](std::size_t i) { return throw_or_sleep(work, i); });
    } catch (const std::runtime_error& bug) {
      caught = bug.what();
    }
  }(work, caught));
  EXPECT_EQ(caught, "first bug");
  // The worker of the first bug ended at once, that of the second after its first item.
  EXPECT_EQ(work.done, (std::vector<std::size_t>{2, 3, 4, 5}));
}

}  // namespace
}  // namespace rekeyer
