// A run's report as mails: to each account's contact, and to the administrators. Pure.
#pragma once

#include <optional>
#include <vector>

#include "notify/model/mails.hpp"
#include "notify/model/settings.hpp"
#include "rotation/outcome.hpp"
#include "rotation/settings.hpp"

namespace rekeyer::notify {

/// To the contact of each account in which something was done, is due or failed; none for accounts without an e-mail
/// address.
std::vector<AccountDigest> account_digests(const rotation::RunReport& report, const Settings& settings,
                                           const rotation::Settings& rotation, const std::string& partition);

/// To one administrator. Nothing where there is nothing to say: no change, no failure, nobody unreachable, and no
/// weekly summary due.
std::optional<AdministratorDigest> administrator_digest(const rotation::RunReport& report, const Settings& settings,
                                                        const std::vector<std::string>& failing_channels);

}  // namespace rekeyer::notify
