// One account's outcome as JSON and back, but for its notices, which are told and not kept. Pure; nothing in it is
// secret.
#pragma once

#include <string>
#include <string_view>

#include "aws/http/json.hpp"
#include "aws/http/json_writer.hpp"
#include "base/error.hpp"
#include "rotation/account_outcome.hpp"

namespace rekeyer::rotation {

/// The members of an object that is open, so that there may be others beside them.
void write_members(aws::JsonWriter& json, const AccountOutcome& outcome);
/// Fails with `bad_reply`: what is wrong and where.
Result<AccountOutcome> read_outcome(const aws::JsonValue& json);

std::string to_json(const AccountOutcome& outcome);
/// Fails with `bad_reply`.
Result<AccountOutcome> parse_outcome(std::string_view text);

}  // namespace rekeyer::rotation
