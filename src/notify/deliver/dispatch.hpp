// Everybody is told, once a run: owners in one mail each, listeners by events, accounts and administrators by their
// digests. A channel that fails stops nothing but itself.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/task.hpp"
#include "notify/channels/channels.hpp"
#include "notify/deliver/notice_context.hpp"
#include "notify/deliver/owner_lookup.hpp"
#include "notify/render/templates.hpp"
#include "rotation/outcome.hpp"

namespace rekeyer::notify {

/// How the notices of one user fared.
struct UserDeliveries {
  rotation::UserNotices user;
  std::vector<policy::Delivery> deliveries;
};

struct Dispatch {
  std::vector<UserDeliveries> users;
  std::size_t mails = 0;          ///< accepted, of all kinds
  std::size_t refused_mails = 0;  ///< accepted by no channel
  std::size_t events = 0;
  std::vector<std::string> failing_channels;  ///< "mail: ses:SendEmail: AccessDenied: …", one line a channel
};

/// Who is told after an apply. Accounts that are worked on apart share one digest for administrators, at the end.
enum class Audience { everybody, all_but_administrators };

class Dispatcher {
 public:
  struct Parts {
    const Settings& settings;
    const rotation::Settings& rotation;
    const Templates& templates;
    const ChannelSet& channels;
    OwnerResolver& owners;
    Clock& clock;
    StorePlace place;
    std::string partition = "aws";
  };
  explicit Dispatcher(Parts parts);

  /// Tells all that `report`'s notices say, and everybody else what the run did. Adds to the report who could not be
  /// told (`unowned`, `undeliverable`) and takes the notices out of it. What was accepted must then be recorded
  /// (ledger.hpp). Never fails.
  Task<Dispatch> deliver(rotation::RunReport& report, Audience audience = Audience::everybody);

  /// The digest for administrators alone, of a run whose accounts were told apart. Never fails.
  Task<Dispatch> tell_administrators(const rotation::RunReport& report, std::vector<std::string> failing_channels);

  /// For a plan: finds who has no owner, or could not be reached before, and adds them to the report. Sends nothing.
  Task<void> find_owners(rotation::RunReport& report);

  /// For a plan: the audit mails, which say that nothing was changed.
  Task<Dispatch> send_audit(const rotation::RunReport& report);

 private:
  struct Addressee;
  struct AddressedMail;

  Task<std::vector<Addressee>> look_up_owners(rotation::RunReport& report);
  Task<void> look_up(Addressee& addressee);
  Task<void> send_to_owner(const AddressedMail& mail, std::vector<Addressee>& users, Dispatch& dispatch);
  Task<void> write_to_owners(std::vector<Addressee>& users, Dispatch& dispatch);
  Task<void> publish(std::vector<Addressee>& users, const rotation::RunReport& report, Dispatch& dispatch);
  Task<void> write_to_accounts(const rotation::RunReport& report, Dispatch& dispatch);
  Task<void> write_to_administrators(const rotation::RunReport& report, Dispatch& dispatch);
  /// The first channel that takes it; each in turn after a definite refusal by the one before.
  ResultTask<> send(Mail mail, Dispatch& dispatch);

  struct Trouble {
    std::size_t in_a_row = 0;  ///< failures of the channel itself, not of one address
    std::string first;
    bool accepted_any = false;
    std::set<std::string> refused;  ///< addresses
    std::string last_refusal;
  };
  void add_trouble(Dispatch& dispatch) const;

  Parts parts_;
  std::vector<Trouble> trouble_;  ///< one for each mail channel
};

}  // namespace rekeyer::notify
