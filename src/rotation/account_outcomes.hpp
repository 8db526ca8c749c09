// The outcomes of a run's accounts, read in the order of the accounts' ids. What a run of thousands of accounts reports
// waits in a temporary file, so that the memory it takes grows with what it works on at a time and not with the
// organization.
#pragma once

#include <cstddef>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "base/spool.hpp"
#include "rotation/account_outcome.hpp"

namespace rekeyer::rotation {

class AccountOutcomes {
  /// In memory or in the file. Notices never go into the file: they are few, and needed soon.
  struct Entry {
    std::unique_ptr<AccountOutcome> outcome;  ///< null: it lies at `place`
    Spool::Range place;
    std::vector<UserNotices> notices;  ///< of one that lies in the file
  };
  using Entries = std::multimap<AccountId, Entry>;

 public:
  /// Reads one outcome after the other. What it points to is valid until it moves on.
  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using iterator_concept = std::input_iterator_tag;
    using value_type = AccountOutcome;
    using difference_type = std::ptrdiff_t;
    using pointer = const AccountOutcome*;
    using reference = const AccountOutcome&;

    Iterator() = default;
    reference operator*() const { return *outcome_; }
    pointer operator->() const { return outcome_; }
    Iterator& operator++();
    void operator++(int) { ++*this; }
    bool operator==(const Iterator& other) const { return at_ == other.at_; }

   private:
    friend class AccountOutcomes;
    Iterator(const AccountOutcomes& all, Entries::const_iterator at) : all_(&all), at_(at) { read(); }
    void read();

    const AccountOutcomes* all_ = nullptr;
    Entries::const_iterator at_;
    const AccountOutcome* outcome_ = nullptr;
    std::shared_ptr<const AccountOutcome> read_;  ///< where it was in the file
  };

  /// Of so many accounts and rows together the file takes those that are there by then.
  static constexpr std::size_t most_in_memory = 4096;

  AccountOutcomes();
  AccountOutcomes(std::initializer_list<AccountOutcome> outcomes);
  ~AccountOutcomes();
  AccountOutcomes(AccountOutcomes&&) noexcept;
  AccountOutcomes& operator=(AccountOutcomes&&) noexcept;

  void push_back(AccountOutcome outcome);
  /// Changes the outcome of an account. False where there is none.
  bool amend(const AccountId& account, const std::function<void(AccountOutcome&)>& change);
  /// Puts a row behind those of its account; nothing happens where there is none.
  void add_row(ActionOutcome row);
  /// What there is to tell the accounts' owners, in the order of the accounts. It is not in the outcomes any more.
  std::vector<UserNotices> take_notices();

  Iterator begin() const { return {*this, entries_.begin()}; }
  Iterator end() const { return {*this, entries_.end()}; }
  std::size_t size() const { return entries_.size(); }
  bool empty() const { return entries_.empty(); }
  /// How many wait in the file.
  std::size_t put_aside() const { return put_aside_; }

 private:
  AccountOutcome load(const AccountId& account, const Entry& entry) const;
  void put_all_aside();

  Entries entries_;
  Spool spool_;
  std::size_t in_memory_ = 0;  ///< accounts and rows
  std::size_t put_aside_ = 0;
  bool without_file_ = false;  ///< it could not be written
};

}  // namespace rekeyer::rotation
