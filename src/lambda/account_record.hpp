// One account's outcome as it stands in the run's folder. JSON both ways; pure. Nothing in it is secret.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"
#include "rotation/outcome.hpp"

namespace rekeyer::lambda {

/// What one account's function leaves.
struct AccountRecord {
  rotation::AccountOutcome outcome;  ///< without its notices: they were told
  Instant started{};
  Instant finished{};
  std::map<std::string, std::uint64_t> calls;  ///< to AWS, by "service:Operation"
  std::vector<std::string> failing_channels;   ///< one line each
  std::size_t mails_refused = 0;
};

std::string to_json(const AccountRecord& record);
/// Fails with `bad_reply`: what is wrong and where.
Result<AccountRecord> parse_record(std::string_view text);

}  // namespace rekeyer::lambda
