#include "notify/deliver/dispatch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/concurrency.hpp"
#include "base/log.hpp"
#include "notify/deliver/digests.hpp"

namespace rekeyer::notify {
namespace {

using rotation::RunReason;

constexpr std::size_t mail_workers = 8;
/// A channel that failed as a whole that many times in a row is left alone for the rest of the run.
constexpr std::size_t patience = 3;

/// A failure of the channel itself, whoever the mail is for.
bool is_the_channels(ErrorKind kind) {
  return kind == ErrorKind::access_denied || kind == ErrorKind::credentials_invalid ||
         kind == ErrorKind::credentials_expired || kind == ErrorKind::not_sent || kind == ErrorKind::usage ||
         kind == ErrorKind::bad_reply;  // whoever answers there speaks something else
}

void add_finding(rotation::RunReport& report, const policy::Subject& user, RunReason reason, std::string detail) {
  report.accounts.add_row(rotation::user_row(user.account, user.user, policy::Action::warn, reason,
                                             rotation::ActionStatus::held, std::move(detail)));
}

/// Since when its owner could not be told, where that is so.
std::optional<Instant> unreached_since(const rotation::UserNotices& user) {
  std::optional<Instant> since;
  for (const auto& told : user.record.entries) {
    if (!told.accepted && (!since || told.since < *since)) since = told.since;
  }
  return since;
}

}  // namespace

/// One user's notices and who hears of them.
struct Dispatcher::Addressee {
  rotation::UserNotices user;
  std::vector<std::string> owners;
  std::vector<bool> accepted;  ///< one for each notice
  std::string refusal;         ///< why an owner could not be told
  bool unowned = false;
};

/// What one address is told, and of whom: indices into the users and their notices.
struct Dispatcher::AddressedMail {
  OwnerMail model;
  std::vector<std::pair<std::size_t, std::size_t>> about;
};

Dispatcher::Dispatcher(Parts parts) : parts_(std::move(parts)), trouble_(parts_.channels.mails.size()) {}

Task<std::vector<Dispatcher::Addressee>> Dispatcher::look_up_owners(rotation::RunReport& report) {
  std::vector<Addressee> users;
  for (auto& notices : report.accounts.take_notices()) users.push_back({std::move(notices), {}, {}, {}, false});
  co_await for_each_bounded(users, mail_workers, [this](Addressee& addressee) { return look_up(addressee); });
  co_return users;
}

Task<void> Dispatcher::look_up(Addressee& addressee) {
  addressee.accepted.resize(addressee.user.notices.size());
  const auto owners = co_await parts_.owners.owners_of(addressee.user);
  if (!owners) {
    addressee.refusal = not_looked_up(owners.error());
  } else if (owners->addresses.empty()) {
    addressee.unowned = true;
    addressee.refusal = nobody_known(*owners, parts_.settings.owner);
  } else {
    addressee.owners = owners->addresses;
  }
}

ResultTask<> Dispatcher::send(Mail mail, Dispatch& dispatch) {
  Result<> result = fail(ErrorKind::not_sent, "no channel for mails works");
  for (std::size_t i = 0; i < parts_.channels.mails.size(); ++i) {
    auto& channel = *parts_.channels.mails[i];
    auto& trouble = trouble_[i];
    if (trouble.in_a_row >= patience) continue;
    result = co_await channel.send(mail);
    if (result) {
      trouble.in_a_row = 0;
      trouble.accepted_any = true;
      ++dispatch.mails;
      co_return result;
    }
    if (is_the_channels(result.error().kind)) {
      ++trouble.in_a_row;
      if (trouble.first.empty()) trouble.first = fmt::format("{}: {}", channel.name(), describe(result.error()));
    }
    trouble.refused.insert(mail.to);
    trouble.last_refusal = describe(result.error());
    log::warn("mail not accepted", {{"channel", channel.name()}, {"to", mail.to}, {"error", describe(result.error())}});
    if (result.error().kind == ErrorKind::outcome_unknown) break;  // it may have gone out: no second one beside it
  }
  ++dispatch.refused_mails;
  co_return result;
}

Task<void> Dispatcher::write_to_owners(std::vector<Addressee>& users, Dispatch& dispatch) {
  std::map<std::string, std::vector<AddressedMail>> by_address;
  for (std::size_t u = 0; u < users.size(); ++u) {
    for (const auto& owner : users[u].owners) {
      for (std::size_t n = 0; n < users[u].user.notices.size(); ++n) {
        auto& mails = by_address[owner];
        if (mails.empty() || mails.back().model.keys.size() >= most_notices_a_mail) {
          mails.push_back({{owner, parts_.settings.from, parts_.settings.help_url, parts_.clock.now(), {}}, {}});
        }
        mails.back().model.keys.push_back(notice_context(users[u].user, users[u].user.notices[n], parts_.place));
        mails.back().about.emplace_back(u, n);
      }
    }
  }
  std::vector<AddressedMail> all;
  for (auto& [address, mails] : by_address) std::ranges::move(mails, std::back_inserter(all));
  co_await for_each_bounded(all, mail_workers,
                            [&](const AddressedMail& mail) { return send_to_owner(mail, users, dispatch); });
}

Task<void> Dispatcher::send_to_owner(const AddressedMail& mail, std::vector<Addressee>& users, Dispatch& dispatch) {
  const auto sent = co_await send(parts_.templates.render(mail.model), dispatch);
  for (const auto& [u, n] : mail.about) {
    if (sent) {
      users[u].accepted[n] = true;
    } else {
      users[u].refusal = fmt::format("{}: {}", mail.model.to, describe(sent.error()));
    }
  }
}

Task<void> Dispatcher::publish(std::vector<Addressee>& users, const rotation::RunReport& report, Dispatch& dispatch) {
  std::vector<Event> events;
  const auto now = parts_.clock.now();
  for (const auto& addressee : users) {
    for (const auto& notice : addressee.user.notices) {
      if (parts_.channels.mails.empty() || !policy::was_in_vain(addressee.user.record, notice)) {
        const auto context = notice_context(addressee.user, notice, parts_.place);
        events.push_back(event_of(context, addressee.owners, now, report.run));
      }
    }
  }
  for (const auto& account : report.accounts) {
    for (const auto& action : account.actions) {
      if (action.status == rotation::ActionStatus::failed) {
        events.push_back(event_of(action, account.name, now, report.run));
      }
    }
  }
  if (events.empty()) co_return;
  bool accepted = false;
  for (const auto& channel : parts_.channels.events) {
    const auto published = co_await channel->publish(events);
    if (published) {
      accepted = true;
      continue;
    }
    dispatch.failing_channels.push_back(fmt::format("{}: {}", channel->name(), describe(published.error())));
    log::warn("events not accepted", {{"channel", channel->name()}, {"error", describe(published.error())}});
  }
  if (accepted) dispatch.events = events.size();
  // Where nothing goes to owners by mail, the company's channel is how they are told.
  if (!accepted || !parts_.channels.mails.empty()) co_return;
  for (auto& addressee : users) addressee.accepted.assign(addressee.accepted.size(), true);
}

Task<Dispatch> Dispatcher::deliver(rotation::RunReport& report, Audience audience) {
  Dispatch dispatch;
  auto users = co_await look_up_owners(report);
  if (!parts_.channels.mails.empty()) co_await write_to_owners(users, dispatch);
  if (!parts_.channels.events.empty()) co_await publish(users, report, dispatch);
  const bool by_mail = !parts_.channels.mails.empty();
  for (auto& addressee : users) {
    const bool told = std::ranges::all_of(addressee.accepted, [](bool accepted) { return accepted; });
    if (by_mail && (addressee.unowned || !told)) {
      auto why = addressee.refusal;
      const auto since = unreached_since(addressee.user);
      if (since && parts_.clock.now() - *since >= parts_.settings.unreachable_after) {
        why += fmt::format("; nobody could be told since {}: nothing of this user retires until somebody is",
                           day_of(*since));
      }
      add_finding(report, addressee.user.subject, addressee.unowned ? RunReason::unowned : RunReason::undeliverable,
                  std::move(why));
    }
    UserDeliveries done;
    for (std::size_t n = 0; n < addressee.user.notices.size(); ++n) {
      done.deliveries.push_back({addressee.user.notices[n], addressee.accepted[n]});
    }
    done.user = std::move(addressee.user);
    if (!done.deliveries.empty()) dispatch.users.push_back(std::move(done));
  }
  if (by_mail) {
    co_await write_to_accounts(report, dispatch);
    add_trouble(dispatch);
    if (audience == Audience::everybody) co_await write_to_administrators(report, dispatch);
  }
  co_return dispatch;
}

Task<Dispatch> Dispatcher::tell_administrators(const rotation::RunReport& report,
                                               std::vector<std::string> failing_channels) {
  Dispatch dispatch;
  dispatch.failing_channels = std::move(failing_channels);
  if (!parts_.channels.mails.empty()) co_await write_to_administrators(report, dispatch);
  co_return dispatch;
}

Task<void> Dispatcher::find_owners(rotation::RunReport& report) {
  const auto users = co_await look_up_owners(report);
  for (const auto& addressee : users) {
    if (addressee.unowned) add_finding(report, addressee.user.subject, RunReason::unowned, addressee.refusal);
    if (const auto since = unreached_since(addressee.user); since && !addressee.unowned) {
      add_finding(report, addressee.user.subject, RunReason::undeliverable,
                  fmt::format("nobody could be told since {}", day_of(*since)));
    }
  }
}

Task<void> Dispatcher::write_to_accounts(const rotation::RunReport& report, Dispatch& dispatch) {
  if (!parts_.settings.account_digest) co_return;
  for (const auto& model : account_digests(report, parts_.settings, parts_.rotation, parts_.partition)) {
    // A failure is counted and logged by send(); nothing waits for this mail.
    [[maybe_unused]] const auto sent = co_await send(parts_.templates.render(model), dispatch);
  }
}

Task<void> Dispatcher::write_to_administrators(const rotation::RunReport& report, Dispatch& dispatch) {
  auto model = administrator_digest(report, parts_.settings, dispatch.failing_channels);
  if (!model) co_return;
  for (const auto& administrator : parts_.settings.administrators) {
    model->to = administrator;
    const auto sent = co_await send(parts_.templates.render(*model), dispatch);
    if (sent) continue;
    // That address is nobody's tag: it is configured, and nobody else hears what the run found.
    dispatch.failing_channels.push_back(fmt::format("mail to {}: {}", administrator, describe(sent.error())));
  }
  add_trouble(dispatch);
}

/// The channels for mails that do not work as such. One address that is refused is its owner's matter; a channel that
/// takes none of several does not work, whatever it says.
void Dispatcher::add_trouble(Dispatch& dispatch) const {
  for (std::size_t i = 0; i < trouble_.size(); ++i) {
    const auto& trouble = trouble_[i];
    auto line = trouble.first;
    if (line.empty() && !trouble.accepted_any && trouble.refused.size() > 1) {
      line = fmt::format("{}: it took no mail to any of {} addresses: {}", parts_.channels.mails[i]->name(),
                         trouble.refused.size(), trouble.last_refusal);
    }
    const auto begins_like = [&](const std::string& known) {
      return known.starts_with(parts_.channels.mails[i]->name() + ": ");
    };
    if (!line.empty() && std::ranges::none_of(dispatch.failing_channels, begins_like)) {
      dispatch.failing_channels.push_back(std::move(line));
    }
  }
}

Task<Dispatch> Dispatcher::send_audit(const rotation::RunReport& report) {
  Dispatch dispatch;
  co_await write_to_accounts(report, dispatch);
  co_await write_to_administrators(report, dispatch);
  add_trouble(dispatch);
  co_return dispatch;
}

}  // namespace rekeyer::notify
