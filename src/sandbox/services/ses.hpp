// What the files of SES share: verified identities, the daily quota, and mail as it is kept.
#pragma once

#include <string>
#include <vector>

#include "sandbox/services/service.hpp"

namespace rekeyer::sandbox {

std::span<const Operation> ses_sending_operations();
std::span<const Operation> ses_identity_operations();

/// SES's versions have other codes for the same troubles: v1 is a query service, v2 a JSON one.
bool is_version_two(const Call& call);
std::unexpected<ServiceError> bad_mail_request(const Call& call, std::string message);

/// May mail go out under this address: is it, its domain, or a domain above it verified?
bool is_verified(const Messages& messages, std::string_view address);

/// How many recipients had mail in the 24 hours before `now`; each one counts.
std::size_t sent_last_day(const Messages& messages, Instant now);

/// SES's limits for an account: in SES's own sandbox, and outside.
struct MailQuota {
  int a_day = 50'000;
  int a_second = 14;
};
MailQuota mail_quota(const Messages& messages);

}  // namespace rekeyer::sandbox
