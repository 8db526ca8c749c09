// Who is told, asking AWS as little as possible: an account's tags and contacts are read only where the chain of
// [owner] comes to them, and once.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/asked_once.hpp"
#include "base/task.hpp"
#include "notify/deliver/owners.hpp"
#include "rotation/notices.hpp"

namespace rekeyer::notify {

/// Where contacts of accounts are read.
class ContactSource {
 public:
  virtual ~ContactSource() = default;
  /// The account's tags in Organizations. Organizations ListTagsForResource.
  virtual ResultTask<std::map<std::string, std::string>> account_tags(AccountId account) = 0;
  /// An alternate contact's address ("security", …); nothing where none is set. Account GetAlternateContact.
  virtual ResultTask<std::optional<std::string>> alternate_contact(AccountId account, std::string kind) = 0;
};

/// One for each run. Any number of tasks may ask at once; what two of them need is read once.
class OwnerResolver {
 public:
  /// Both must outlive it.
  OwnerResolver(const OwnerSettings& settings, ContactSource& source) : settings_(settings), source_(source) {}

  /// Whom to tell about that user. Where a read is refused for good (denied, not in an organization), the chain goes on
  /// without it and problems() says so. Fails where a read failed for now (throttled, no connection): somebody further
  /// down the chain would be told in the owner's place; the next run asks again.
  ResultTask<Owners> owners_of(rotation::UserNotices user);

  /// What could not be read in this run: one sentence for each kind of read.
  const std::vector<std::string>& problems() const { return problems_; }

 private:
  using Contacts = AccountContacts;

  ResultTask<> read(AccountId account, Unread what);
  ResultTask<> ask(AccountId account, Unread what);
  /// Nothing where the failure is one to live with: noted, and taken for "there is none".
  Result<> accepted(const Error& error, const Unread& what);
  void take_for_none(const AccountId& account, const Unread& what);

  const OwnerSettings& settings_;
  ContactSource& source_;
  std::map<AccountId, Contacts> contacts_;
  std::map<std::string, AskedOnce<>> readings_;  ///< by account and what is read
  std::set<Unread::What> denied_;                ///< not asked again in this run
  std::set<Unread::What> noted_;
  std::vector<std::string> problems_;
};

/// Whom a run would write to, for people who ask.
struct KnownOwners {
  std::vector<std::string> addresses;  ///< empty: nobody
  std::string source;                  ///< "user tag owner"
  std::string why_nobody;
};

/// `contacts`: null where accounts are not to be asked for tags and contacts, as no run without a channel asks.
Task<KnownOwners> known_owners(const OwnerSettings& settings, OwnerResolver* contacts, rotation::UserNotices user);

}  // namespace rekeyer::notify
