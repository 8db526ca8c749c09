// The two ways out: a mail to one person, and an event to everybody who listens. One file a channel in channels/.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/names.hpp"
#include "base/task.hpp"
#include "policy/notice.hpp"

namespace rekeyer::notify {

/// One mail to one address, rendered.
struct Mail {
  std::string to;  ///< a bare address
  std::string subject;
  std::string text;
  std::string html;
};

class MailChannel {
 public:
  virtual ~MailChannel() = default;
  virtual const std::string& name() const = 0;
  /// Sends one mail, within the channel's rate. Success: the service accepted it. Fails with `rejected` where this
  /// address or this mail is refused for good, `throttled`, `not_sent` and the like where a later try may succeed,
  /// `outcome_unknown` where it may have gone out. Never sent again by itself after that: not idempotent.
  virtual ResultTask<> send(Mail mail) = 0;
};

enum class Severity { info, warning, critical };
std::string_view name(Severity severity);

/// One thing that happened or will, for programs and chat rooms.
struct Event {
  std::string id;  ///< the same for the same thing however often it is sent: consumers drop what they had
  policy::NoticeKind kind = policy::NoticeKind::failed;
  Severity severity = Severity::info;
  AccountId account;
  std::string account_name;
  UserName user;
  AccessKeyId key;
  std::optional<Instant> due;
  std::string headline;  ///< one line of plain text
  std::string detail;    ///< more of it; may be empty
  std::vector<std::string> owners;
  Instant at{};
  RunId run;
};

class EventChannel {
 public:
  virtual ~EventChannel() = default;
  virtual const std::string& name() const = 0;
  /// Sends all of them, batched as the service likes it. Fails with the first failure after all were tried.
  virtual ResultTask<> publish(std::vector<Event> events) = 0;
};

}  // namespace rekeyer::notify
