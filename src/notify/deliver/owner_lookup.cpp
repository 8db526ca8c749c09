#include "notify/deliver/owner_lookup.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/try.hpp"

namespace rekeyer::notify {
namespace {

std::string words_of(const Unread& what) {
  return what.what == Unread::What::account_tags ? "tags of accounts" : "alternate contacts of accounts";
}

/// Does the chain get as far as the user's groups?
bool comes_to_groups(const OwnerSettings& settings, const policy::Subject& subject) {
  OwnerSettings before = settings;
  const auto groups = std::ranges::find(before.chain, OwnerSource::group);
  if (groups == before.chain.end() || settings.groups.empty()) return false;
  before.chain.erase(groups, before.chain.end());
  return resolve(before, subject, {}).addresses.empty();
}

/// Would asking again, later, be answered the same? Then the chain goes on without.
bool refused_for_good(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::access_denied:
    case ErrorKind::not_found:
    case ErrorKind::rejected: return true;
    case ErrorKind::usage:
    case ErrorKind::not_sent:
    case ErrorKind::outcome_unknown:
    case ErrorKind::throttled:
    case ErrorKind::credentials_invalid:
    case ErrorKind::credentials_expired:
    case ErrorKind::clock_skew:
    case ErrorKind::already_exists:
    case ErrorKind::limit_exceeded:
    case ErrorKind::conflict:
    case ErrorKind::marked_for_deletion:
    case ErrorKind::server_fault:
    case ErrorKind::bad_reply:
    case ErrorKind::lease_over:
    case ErrorKind::cancelled: return false;
  }
  return false;
}

}  // namespace

ResultTask<Owners> OwnerResolver::owners_of(rotation::UserNotices user) {
  const auto account = user.subject.account;
  while (true) {
    auto contacts = contacts_[account];
    contacts.account_email = user.account_email;
    if (user.subject.groups_unreadable && comes_to_groups(settings_, user.subject)) {
      co_return fail(ErrorKind::not_sent, *user.subject.groups_unreadable);
    }
    const auto unread = next_unread(settings_, user.subject, contacts);
    if (!unread) co_return resolve(settings_, user.subject, contacts);
    CO_TRY_VOID(co_await read(account, *unread));
  }
}

ResultTask<> OwnerResolver::read(AccountId account, Unread what) {
  auto& reading = readings_[fmt::format("{} {} {}", account, static_cast<int>(what.what), what.contact)];
  co_return co_await reading.answer([this, account, what] { return ask(account, what); });
}

ResultTask<> OwnerResolver::ask(AccountId account, Unread what) {
  if (denied_.contains(what.what)) {
    take_for_none(account, what);
  } else if (what.what == Unread::What::account_tags) {
    auto tags = co_await source_.account_tags(account);
    if (!tags) {
      CO_TRY_VOID(accepted(tags.error(), what));
      take_for_none(account, what);
    } else {
      contacts_[account].tags = *std::move(tags);
    }
  } else {
    auto contact = co_await source_.alternate_contact(account, what.contact);
    if (!contact) {
      CO_TRY_VOID(accepted(contact.error(), what));
      take_for_none(account, what);
    } else {
      contacts_[account].alternate_contacts[what.contact] = *std::move(contact);
    }
  }
  co_return Result<>{};
}

Result<> OwnerResolver::accepted(const Error& error, const Unread& what) {
  if (!refused_for_good(error.kind)) return fail(in_context(error, "the owner could not be looked for"));
  if (error.kind == ErrorKind::access_denied) denied_.insert(what.what);
  if (noted_.insert(what.what).second) {
    problems_.push_back(
        fmt::format("{} can't be read, so owners are looked for without them: {}", words_of(what), describe(error)));
  }
  return {};
}

void OwnerResolver::take_for_none(const AccountId& account, const Unread& what) {
  auto& contacts = contacts_[account];
  if (what.what == Unread::What::account_tags) {
    contacts.tags.emplace();
  } else {
    contacts.alternate_contacts[what.contact] = std::nullopt;
  }
}

Task<KnownOwners> known_owners(const OwnerSettings& settings, OwnerResolver* contacts, rotation::UserNotices user) {
  auto owners = contacts != nullptr ? co_await contacts->owners_of(user)
                                    : Result<Owners>(resolve(settings, user.subject, {user.account_email, {}, {}}));
  if (!owners) co_return KnownOwners{{}, {}, not_looked_up(owners.error())};
  if (owners->addresses.empty()) co_return KnownOwners{{}, {}, nobody_known(*owners, settings)};
  co_return KnownOwners{std::move(owners->addresses), std::move(owners->source), {}};
}

}  // namespace rekeyer::notify
