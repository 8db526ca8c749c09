// What an owner is to be told of his keys now. Pure.
#pragma once

#include <vector>

#include "policy/decision.hpp"

namespace rekeyer::policy {

/// What the owner is to be told now: what was not told yet, for another day, or in vain. Needs the decision's custody.
/// At most one a key, in the decision's order; keys that are gone come last. Nothing where `notice_rules.enabled` is
/// false.
std::vector<Notice> pending_notices(const UserFacts& facts, const Rules& rules, const UserDecision& decision,
                                    const NoticeRules& notice_rules, Instant now);

/// Adds that `removed` were deleted just now, where that is not among the notices yet: their owner hears of it whether
/// or not it was announced.
void add_deleted(const std::vector<AccessKeyId>& removed, std::vector<Notice>& notices);

/// What of `record` is about keys that are there, or of which there is still something to tell.
NoticeRecord still_of_interest(const NoticeRecord& record, const UserFacts& facts, Instant now);

}  // namespace rekeyer::policy
