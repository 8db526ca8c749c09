// From what a run found to what mails and events are made of. Pure.
#pragma once

#include "notify/model/channel.hpp"
#include "notify/model/mails.hpp"
#include "rotation/notices.hpp"
#include "rotation/outcome.hpp"
#include "rotation/settings.hpp"

namespace rekeyer::notify {

/// Where secrets are kept, as their readers see it.
struct StorePlace {
  rotation::StoreLocation location = rotation::StoreLocation::member;
  AccountId central;  ///< the account of the central store
};

NoticeContext notice_context(const rotation::UserNotices& user, const policy::Notice& notice, const StorePlace& place);

/// The same notice gives the same id, run after run.
Event event_of(const NoticeContext& context, std::vector<std::string> owners, Instant now, const RunId& run);

/// Something that was due and could not be done. Its id changes once a day: it is told daily as long as it lasts.
Event event_of(const rotation::ActionOutcome& failure, const std::string& account_name, Instant now, const RunId& run);

Severity severity_of(policy::NoticeKind kind);

}  // namespace rekeyer::notify
