// Who runs rekeyer, with what kind of key, where, and by what time. The judging is pure; asking is apart.
#pragma once

#include <optional>

#include "doctor/check.hpp"
#include "engine/session.hpp"

namespace rekeyer::doctor {

struct CallerFacts {
  Result<rotation::OwnIdentity> self = fail(ErrorKind::usage, "not asked");
  Region region;
  Result<> fits{};               ///< does the configuration lie in the caller's partition?
  Milliseconds clock_offset{0};  ///< AWS's time minus the machine's
};

Checks judge(const CallerFacts& facts);

/// Of the session that `context` came to, or why it came to none.
CallerFacts caller_facts(const engine::Context& context, const Result<engine::Session>& session);

}  // namespace rekeyer::doctor
