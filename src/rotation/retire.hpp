// Taking old keys out: deactivate first, delete later, each after one more look (I2, I4); and the record of what was
// seen.
#pragma once

#include "base/clock.hpp"
#include "base/task.hpp"
#include "rotation/access.hpp"
#include "rotation/secrets_of_account.hpp"
#include "rotation/settings.hpp"
#include "rotation/step_result.hpp"
#include "rotation/user_state.hpp"

namespace rekeyer::rotation {

class KeyRetirer {
 public:
  KeyRetirer(WriteAccess& access, const Settings& settings, Clock& clock)
      : access_(access), settings_(settings), clock_(clock) {}

  /// Deactivates `key`, and notes when in `custody`, which record() then writes.
  Task<StepResult> deactivate(const UserState& state, AccessKeyId key, policy::Custody& custody);
  /// Deletes `key`, which is inactive. The key must still be so.
  Task<StepResult> remove(const UserState& state, AccessKeyId key, policy::Custody& custody);
  /// Would record() write? No call.
  bool has_news(const UserState& state, const policy::Custody& custody) const;
  /// Writes custody where has_news(); makes the secret (without a value) where there is
  /// none.
  ResultTask<> record(const UserState& state, const policy::Custody& custody);
  /// Schedules the deletion of a secret whose user is gone, after look_at_leftover(), with its copies.
  Task<StepResult> remove_secret(AccountId account, NamedSecret orphaned);

 private:
  /// The intent is the one that was read, and the key is as it was: else the next run decides.
  Task<std::optional<StepResult>> changed_meanwhile(const UserState& state, AccessKeyId key, KeyStatus status);
  aws::SignBefore soon() const;

  WriteAccess& access_;
  const Settings& settings_;
  Clock& clock_;
};

}  // namespace rekeyer::rotation
