// Who is told about a user's keys: the chain of [owner], link by link. Pure; what must be asked of AWS first is asked
// by owner_lookup.hpp.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "notify/model/settings.hpp"
#include "policy/match.hpp"
#include "policy/rules.hpp"

namespace rekeyer::notify {

/// What one text says: a tag's value, or a contact's address.
struct Addresses {
  std::vector<std::string> found;     ///< valid, each mailbox once
  std::vector<std::string> unusable;  ///< words that are no address, and no name that stands for some
};

/// Takes a tag's value apart. Tags can't hold commas everywhere (IAM allows mails, digits, spaces and _.:/=+-@), so
/// spaces, colons and slashes stand between addresses too. Words without @ are looked up in `names`, whatever their
/// case.
Addresses parse_addresses(std::string_view text, const std::map<std::string, std::vector<std::string>>& names);

/// What is known of a user's account besides the user. Nothing in an optional: it was not read.
struct AccountContacts {
  std::string account_email;
  std::optional<std::map<std::string, std::string>> tags;  ///< in Organizations
  std::map<std::string, std::optional<std::string>, std::less<>>
      alternate_contacts;  ///< kind → address, or none is set
};

/// Who is told, and why it is they.
struct Owners {
  std::vector<std::string> addresses;  ///< in their mailbox_form(); empty: nobody is known
  /// "user tag owner", "group payments", "account tag owner", "alternate contact security", "account e-mail",
  /// "default"; empty where nobody is known.
  std::string source;
  std::vector<std::string> problems;  ///< one sentence for each link that has a text of no use
};

/// One thing that the chain comes to and that was not read yet.
struct Unread {
  enum class What { account_tags, alternate_contact };
  What what = What::account_tags;
  std::string contact;  ///< the kind of an alternate contact
  bool operator==(const Unread&) const = default;
};

/// The first that resolve() would look at and that is not in `contacts`; nothing where it needs no more.
std::optional<Unread> next_unread(const OwnerSettings& settings, const policy::Subject& subject,
                                  const AccountContacts& contacts);

/// Whether an owner may be at that address: its host is one of `domains`, or lies below one. Without any: everywhere.
bool is_in_domains(std::string_view address, const std::vector<std::string>& domains);

/// The first link of the chain that gives an address wins. What was not read counts as not there, and so does an
/// address outside the domains, which is a problem that is told; `default` is taken as it stands.
Owners resolve(const OwnerSettings& settings, const policy::Subject& subject, const AccountContacts& contacts);

/// Why nobody is told, where `owners` has no address: what is wrong with the texts that were found, and what to do.
std::string nobody_known(const Owners& owners, const OwnerSettings& settings);
/// The same where the look-up failed for now.
std::string not_looked_up(const Error& error);

}  // namespace rekeyer::notify
