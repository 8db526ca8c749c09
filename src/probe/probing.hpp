// A whole probe: check after check, each cleared away before the next; and clearing up after one that was killed.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "probe/account.hpp"
#include "probe/bench.hpp"
#include "probe/check.hpp"
#include "probe/finding.hpp"
#include "probe/journal.hpp"

namespace rekeyer::probe {

struct Tried {
  Check check;
  Finding finding;
  Milliseconds took{0};
};

struct Outcome {
  std::vector<Tried> tried;
  std::vector<Bench::Left> left;  ///< what could not be taken away
  std::map<std::string, std::uint64_t> calls;
  std::uint64_t throttled = 0;
  Milliseconds took{0};
};

struct Wishes {
  std::vector<Check> checks;
  bool quick = false;  ///< without what needs waiting
  Milliseconds patience = std::chrono::minutes{10};
  /// Told before each check, for progress. May be empty.
  std::function<void(std::size_t number, const Check& check)> begins = {};
};

/// Never fails: what could not be tried says why. Once the run is to stop, nothing more is tried, and what was made is
/// taken away all the same.
Task<Outcome> probe(const Account& account, Journal& journal, Wishes wishes);

struct Cleaning {
  std::vector<Thing> taken_away;
  std::vector<Bench::Left> left;
  std::size_t of_other_accounts = 0;    ///< in the journals: only that account's credentials can take it away
  std::vector<std::string> unreadable;  ///< why a journal could not be gone through; what it names is found by name
};

/// Takes away what the journals tell of this account, and what carries a probe's name and tag. Journals in which
/// nothing is left are removed, those that can't be read stay as they are. Fails where leftovers can't be listed, after
/// all that the journals told was tried.
ResultTask<Cleaning> clean(const Account& account, std::vector<std::filesystem::path> journals);

/// Something that was begun so lately may still be made by a request that is under way: AWS refuses signatures that are
/// older.
inline constexpr std::chrono::minutes request_lives{5};

}  // namespace rekeyer::probe
