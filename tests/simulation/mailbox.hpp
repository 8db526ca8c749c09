// What owners of the simulated world found in their mail: once each, in time, and of everything.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/names.hpp"
#include "base/time.hpp"
#include "policy/notice.hpp"
#include "sandbox/world/world.hpp"

namespace rekeyer::simulation {

/// Templates for the simulation: a mail's text is one line a key, for the mailbox to read.
std::map<std::string, std::string> readable_templates();

/// One notice that reached its owner.
struct Received {
  AccessKeyId key;
  policy::NoticeKind kind = policy::NoticeKind::rotated;
  std::string what;  ///< "deletion-soon 3. Tuesday, 3 March 2026.": equal for the same message
  Instant at{};
};

class Mailbox {
 public:
  /// Reads the mails that were accepted since the last call. `sender`: the run that sent them. Says what is wrong with
  /// them, if anything is.
  std::optional<std::string> take(const sandbox::World& world, const std::string& sender);
  /// Something went wrong in that run: what it sent may be sent again.
  void disturbed(const std::string& sender) { disturbed_.insert(sender); }
  /// The run is at work at the same time as another.
  void beside_another(const std::string& sender) {
    disturbed(sender);
    beside_another_.insert(sender);
  }
  /// Requests may arrive long after their sender has given up: then nobody can tell who has told what.
  void everybody_disturbed() { all_disturbed_ = true; }

  /// Somebody switched that key on or off: what was said of it before may be said again, once its owner was told
  /// otherwise in between.
  void switched(const AccessKeyId& key);

  /// Was the owner told that this step would come?
  bool announced(const AccessKeyId& key, policy::Step step) const;
  bool told(const AccessKeyId& key, policy::NoticeKind kind) const;
  std::size_t size() const { return count_; }

 private:
  struct Sent {
    Received received;
    std::string sender;
    bool switched_since = false;  ///< its key, on or off, by people
  };

  std::optional<std::string> receive(Received received, const std::string& sender);

  std::size_t taken_ = 0;
  std::size_t count_ = 0;
  std::map<AccessKeyId, std::vector<Sent>> by_key_;
  std::set<std::string> disturbed_;
  std::set<std::string> beside_another_;
  bool all_disturbed_ = false;
};

}  // namespace rekeyer::simulation
