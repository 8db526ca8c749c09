#include "rotation/outcome_reason.hpp"

#include "base/enum_names.hpp"

namespace rekeyer::rotation {
std::string_view name(RunReason reason) {
  switch (reason) {
    case RunReason::run_limit: return "run_limit";
    case RunReason::account_limit: return "account_limit";
    case RunReason::interrupted: return "interrupted";
    case RunReason::lock_spreading: return "lock_spreading";
    case RunReason::unreadable: return "unreadable";
    case RunReason::user_not_found: return "user_not_found";
    case RunReason::user_gone: return "user_gone";
    case RunReason::user_exists: return "user_exists";
    case RunReason::intent_open: return "intent_open";
    case RunReason::key_lives: return "key_lives";
    case RunReason::root_key_active: return "root_key_active";
    case RunReason::identity_changed: return "identity_changed";
    case RunReason::identity_unknown: return "identity_unknown";
    case RunReason::store_not_ready: return "store_not_ready";
    case RunReason::not_lockable: return "not_lockable";
    case RunReason::open_to_all: return "open_to_all";
    case RunReason::too_many_tags: return "too_many_tags";
    case RunReason::kms_key_unusable: return "kms_key_unusable";
    case RunReason::replica_failed: return "replica_failed";
    case RunReason::store_failed: return "store_failed";
    case RunReason::not_verified: return "not_verified";
    case RunReason::not_published: return "not_published";
    case RunReason::not_recorded: return "not_recorded";
    case RunReason::recover_failed: return "recover_failed";
    case RunReason::vouched: return "vouched";
    case RunReason::not_vouched: return "not_vouched";
    case RunReason::lock_differs: return "lock_differs";
    case RunReason::lock_unmarked: return "lock_unmarked";
    case RunReason::shut_out: return "shut_out";
    case RunReason::unowned: return "unowned";
    case RunReason::undeliverable: return "undeliverable";
  }
  return "";
}

std::string_view name(const OutcomeReason& reason) {
  return std::visit([](auto which) { return name(which); }, reason.value_);
}

std::optional<OutcomeReason> parse_outcome_reason(std::string_view text) {
  if (const auto reason = enumerator_named(text, policy::last_reason)) return *reason;
  if (const auto reason = enumerator_named(text, last_run_reason)) return *reason;
  if (const auto kind = enumerator_named(text, last_error_kind)) return *kind;
  return std::nullopt;
}

}  // namespace rekeyer::rotation
