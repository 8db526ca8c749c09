// What becomes of one user's keys: the facts that a decision sees on a day, and what carrying it out leaves behind.
// What is on record then is policy's to say; what the keys are, and who uses them, is told here. Pure.
#pragma once

#include "policy/decision.hpp"
#include "rehearsal/model.hpp"

namespace rekeyer::rehearsal {

/// How long after the instant of the decision its changes land. A run takes minutes, so what follows from a change is
/// due minutes after the hour of the daily run, and is done a day later than the sum of the periods says.
struct ChangeDelays {
  Period issued = std::chrono::minutes{5};                             ///< the new key is created
  Period settled = std::chrono::minutes{5} + std::chrono::seconds{6};  ///< it is published, the old one retires
  Period retired = std::chrono::minutes{5};  ///< a key is deactivated, a dead run's work recovered
};

class UserLife {
 public:
  /// Both must outlive it.
  UserLife(const Model& model, const Behaviour& behaviour, ChangeDelays delays)
      : model_(model), behaviour_(behaviour), delays_(delays) {}

  /// What a fresh look at the user at `now` tells. Valid until the next call.
  const policy::UserFacts& look(const User& user, Instant now);

  /// What an apply run writes down after the steps of a decision that asked for no rotation.
  static void record(User& user, const policy::Custody& custody);

  /// What is on record of what the owners were told.
  static void note_told(User& user, const policy::NoticeRecord& record);

  /// Issues a key for the user, publishes it, lets `old` retire, and records that.
  void rotate(User& user, const AccessKeyId& old, Instant now);
  /// Switches the key off, and notes it in `custody`, which is recorded later. True where something still used the key
  /// and would have gone on.
  bool deactivate(User& user, const AccessKeyId& id, policy::Custody& custody, Instant now) const;
  static void remove(User& user, const AccessKeyId& id, policy::Custody& custody);
  /// Settles what a run that ended in the middle left, and records that. False: held, since a last use can't be read.
  bool recover(User& user, Instant now);

 private:
  void hand_over(User& user, Key& from, Key& to, Instant now) const;

  const Model& model_;
  const Behaviour& behaviour_;
  ChangeDelays delays_;
  policy::UserFacts facts_;
};

/// The user's key of that id; the key must be there.
Key& key_of(User& user, const AccessKeyId& id);

}  // namespace rekeyer::rehearsal
