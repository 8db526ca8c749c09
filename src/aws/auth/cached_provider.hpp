// Keeps another provider's credentials until shortly before they expire; many tasks share one fetch.
#pragma once

#include <memory>
#include <optional>

#include "aws/sign/credentials.hpp"
#include "base/clock.hpp"

namespace rekeyer::aws {

/// When credentials are fetched anew.
struct RefreshWindows {
  /// From here on one task tries to refresh while the others go on; where that fails, the old ones stay in use.
  Milliseconds advisory = std::chrono::minutes{15};
  /// From here on everybody waits for new ones, and where there are none, get() fails although the old ones still work:
  /// a rotation that began with them could not store its new key any more.
  Milliseconds mandatory = std::chrono::minutes{5};
  /// Between two attempts that nobody has to wait for.
  Milliseconds pause = std::chrono::minutes{1};
};

class CachedProvider final : public CredentialsProvider {
 public:
  /// `clock` is AWS's now.
  CachedProvider(SharedProvider source, Clock& clock, RefreshWindows windows = {});
  ~CachedProvider() override;

  /// The kept credentials, or the source's. Fails as the source fails, and with `credentials_expired` where the source
  /// provides what has expired.
  ResultTask<SharedCredentials> get() override;
  /// The next get() fetches. Does nothing while a fetch is under way or has just ended: many tasks may report the same
  /// expired credentials, the last of them long after others have new ones.
  void invalidate() override;
  std::string describe() const override { return source_->describe(); }

 private:
  struct Fetch;
  enum class Need { none, advisory, mandatory };
  Need need() const;
  ResultTask<SharedCredentials> fetch();
  ResultTask<SharedCredentials> join(std::shared_ptr<Fetch> fetch);
  Result<SharedCredentials> checked(Result<SharedCredentials> result) const;

  SharedProvider source_;
  Clock& clock_;
  RefreshWindows windows_;
  SharedCredentials current_;
  std::shared_ptr<Fetch> under_way_;
  std::optional<Instant> last_success_;
  std::optional<Instant> last_attempt_;
};

}  // namespace rekeyer::aws
