#include "notify/deliver/owners.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/json_text.hpp"
#include "base/mail_address.hpp"
#include "base/text.hpp"
#include "policy/match.hpp"

namespace rekeyer::notify {
namespace {

using AddressMap = std::map<std::string, std::vector<std::string>>;

const std::vector<std::string>* find_but_for_case(const AddressMap& map, std::string_view name) {
  const auto found =
      std::ranges::find_if(map, [name](const auto& entry) { return equal_ignoring_case(entry.first, name); });
  return found == map.end() ? nullptr : &found->second;
}

/// Mailboxes in the order in which they came, none of them twice.
class Mailboxes {
 public:
  void add(const std::string& address) {
    if (known_.insert(mailbox_form(address)).second) list_.push_back(address);
  }
  std::vector<std::string> take() { return std::move(list_); }

 private:
  std::vector<std::string> list_;
  std::set<std::string> known_;
};

/// What one link of the chain has to say.
struct Found {
  std::vector<std::string> addresses;
  std::string source;
  std::string problem;  ///< empty: none
};

Found of_text(std::string source, std::string_view text, const AddressMap& names) {
  auto [addresses, unusable] = parse_addresses(text, names);
  Found found{std::move(addresses), std::move(source), {}};
  if (!unusable.empty()) {
    for (auto& word : unusable) word = json_quoted(word);
    found.problem = fmt::format("{}: {} {}", found.source, fmt::join(unusable, ", "),
                                unusable.size() == 1 ? "is no address and no name in [owner.names]"
                                                     : "are no addresses and no names in [owner.names]");
  } else if (found.addresses.empty()) {
    found.problem = fmt::format("{} is empty", found.source);
  }
  return found;
}

Found of_user_tag(const OwnerSettings& settings, const policy::Subject& subject) {
  const auto* text = settings.tag.empty() ? nullptr : policy::find_tag(subject, settings.tag);
  return text == nullptr ? Found{} : of_text("user tag " + settings.tag, *text, settings.names);
}

/// A member of several groups belongs to all their owners: none of them is more right than another.
Found of_groups(const OwnerSettings& settings, const policy::Subject& subject) {
  Mailboxes mailboxes;
  std::vector<std::string> groups;
  for (const auto& group : subject.groups) {
    const auto* addresses = find_but_for_case(settings.groups, group.str());
    if (addresses == nullptr) continue;
    groups.push_back(group.str());
    for (const auto& address : *addresses) mailboxes.add(address);
  }
  const auto source = fmt::format("{} {}", groups.size() > 1 ? "groups" : "group", fmt::join(groups, ", "));
  return {mailboxes.take(), source, {}};
}

/// One address as AWS holds it, perhaps with spaces around it.
Found of_address(std::string source, std::string_view text) {
  text = trimmed(text);
  if (text.empty()) return {};
  if (valid_mail_address(text)) return {{std::string(text)}, std::move(source), {}};
  auto problem = fmt::format("{}: {} is no address that mail can be sent to", source, json_quoted(text));
  return {{}, std::move(source), std::move(problem)};
}

/// Tags are written by whoever may tag, and a message says which keys there are and where: nobody elsewhere is told.
void keep_own_domains(Found& found, const std::vector<std::string>& domains) {
  std::vector<std::string> foreign;
  std::erase_if(found.addresses, [&](const std::string& address) {
    if (is_in_domains(address, domains)) return false;
    foreign.push_back(json_quoted(address));
    return true;
  });
  if (foreign.empty()) return;
  if (!found.problem.empty()) found.problem += "; ";
  found.problem += fmt::format("{}: {} {} in none of the domains of [owner] domains", found.source,
                               fmt::join(foreign, ", "), foreign.size() == 1 ? "is" : "are");
}

/// Goes along the chain until it has an address.
class Walk {
 public:
  Walk(const OwnerSettings& settings, const policy::Subject& subject, const AccountContacts& contacts)
      : settings_(settings), subject_(subject), contacts_(contacts) {
    for (const auto link : settings.chain) {
      auto found = ask(link);
      if (link != OwnerSource::fallback) keep_own_domains(found, settings.domains);
      note(found);
      if (found.addresses.empty()) continue;
      // In one form, so that users of one owner come into one mail whoever wrote the address.
      for (auto& address : found.addresses) address = mailbox_form(address);
      owners.addresses = std::move(found.addresses);
      owners.source = std::move(found.source);
      break;
    }
  }

  Owners owners;
  std::optional<Unread> unread;  ///< the first thing that was not read; the walk went on without it

 private:
  Found ask(OwnerSource link) {
    switch (link) {
      case OwnerSource::user_tag: return of_user_tag(settings_, subject_);
      case OwnerSource::group: return of_groups(settings_, subject_);
      case OwnerSource::account_tag: return of_account_tag();
      case OwnerSource::alternate_contact: return of_alternate_contacts();
      case OwnerSource::account_email: return of_address("account e-mail", contacts_.account_email);
      case OwnerSource::fallback: return {settings_.fallback, "default", {}};
    }
    return {};
  }

  Found of_account_tag() {
    if (settings_.account_tag.empty()) return {};
    if (!contacts_.tags) {
      miss({Unread::What::account_tags, {}});
      return {};
    }
    // Organizations tells keys apart by case, and people do not: the very one first.
    const auto& tags = *contacts_.tags;
    auto tag = tags.find(settings_.account_tag);
    if (tag == tags.end()) {
      tag = std::ranges::find_if(
          tags, [&](const auto& entry) { return equal_ignoring_case(entry.first, settings_.account_tag); });
    }
    return tag == tags.end() ? Found{} : of_text("account tag " + settings_.account_tag, tag->second, settings_.names);
  }

  Found of_alternate_contacts() {
    for (const auto& kind : settings_.alternate_contacts) {
      const auto contact = contacts_.alternate_contacts.find(kind);
      if (contact == contacts_.alternate_contacts.end()) {
        miss({Unread::What::alternate_contact, kind});
      } else if (contact->second) {
        auto found = of_address("alternate contact " + kind, *contact->second);
        keep_own_domains(found, settings_.domains);
        if (!found.addresses.empty()) return found;
        note(found);
      }
    }
    return {};
  }

  void miss(Unread what) {
    if (!unread) unread = std::move(what);
  }
  void note(Found& found) {
    if (!found.problem.empty()) owners.problems.push_back(std::move(found.problem));
  }

  const OwnerSettings& settings_;
  const policy::Subject& subject_;
  const AccountContacts& contacts_;
};

}  // namespace

Addresses parse_addresses(std::string_view text, const AddressMap& names) {
  Mailboxes mailboxes;
  Addresses addresses;
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of(" :/,;\t"), text.size());
    const std::string word(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (word.empty()) continue;
    const auto* named = word.contains('@') ? nullptr : find_but_for_case(names, word);
    if (named != nullptr) {
      for (const auto& address : *named) mailboxes.add(address);
    } else if (valid_mail_address(word)) {
      mailboxes.add(word);
    } else if (std::ranges::find(addresses.unusable, word) == addresses.unusable.end()) {
      addresses.unusable.push_back(word);
    }
  }
  addresses.found = mailboxes.take();
  return addresses;
}

bool is_in_domains(std::string_view address, const std::vector<std::string>& domains) {
  if (domains.empty()) return true;
  const auto host = lower_case(address.substr(address.rfind('@') + 1));
  return std::ranges::any_of(domains, [&](const std::string& domain) {
    return host == domain ||
           (host.size() > domain.size() && host.ends_with(domain) && host[host.size() - domain.size() - 1] == '.');
  });
}

std::optional<Unread> next_unread(const OwnerSettings& settings, const policy::Subject& subject,
                                  const AccountContacts& contacts) {
  return Walk(settings, subject, contacts).unread;
}

Owners resolve(const OwnerSettings& settings, const policy::Subject& subject, const AccountContacts& contacts) {
  return Walk(settings, subject, contacts).owners;
}

std::string nobody_known(const Owners& owners, const OwnerSettings& settings) {
  auto text = fmt::format("no owner is known: set the user's tag {}, or [owner] default", settings.tag);
  if (!owners.problems.empty()) text += fmt::format("; {}", fmt::join(owners.problems, "; "));
  return text;
}

std::string not_looked_up(const Error& error) { return "the owner can't be looked up: " + describe(error); }

}  // namespace rekeyer::notify
