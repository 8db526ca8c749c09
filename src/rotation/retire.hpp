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
  /// Writes custody where it differs from what the secret's tag says; makes the secret (without a value) where there is
  /// none.
  ResultTask<> record(const UserState& state, const policy::Custody& custody);
  /// Schedules the deletion of a secret whose user is gone, after asking IAM once more. Held where a rotation may be
  /// half done, or where a key on its record lives under whatever name.
  Task<StepResult> remove_secret(AccountId account, NamedSecret orphaned);

 private:
  /// The intent is the one that was read, and the key is as it was: else the next run decides.
  Task<std::optional<StepResult>> changed_meanwhile(const UserState& state, AccessKeyId key, KeyStatus status);
  Task<std::optional<StepResult>> not_surely_ours(AccountId account, NamedSecret orphaned);
  Task<std::optional<StepResult>> still_needed(AccountId account, NamedSecret orphaned);
  aws::SignBefore soon() const;

  WriteAccess& access_;
  const Settings& settings_;
  Clock& clock_;
};

}  // namespace rekeyer::rotation
