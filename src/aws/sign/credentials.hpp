// A signing key, and the interface of everything that can provide one.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/names.hpp"
#include "base/secret.hpp"
#include "base/task.hpp"
#include "base/time.hpp"

namespace rekeyer::aws {

struct Credentials {
  AccessKeyId id;
  Secret secret;
  Secret session_token;               ///< empty for long-term keys
  std::optional<Instant> expiration;  ///< nothing: they do not expire, or nobody said when
};

/// Shared, never copied: the secret exists once.
using SharedCredentials = std::shared_ptr<const Credentials>;

/// Provides credentials; one provider a file. Implementations need no caching: wrap them in CachedProvider.
class CredentialsProvider {
 public:
  virtual ~CredentialsProvider() = default;
  /// Fails with `usage` where the configuration is broken, `access_denied` where AWS refuses, otherwise as the call
  /// failed.
  virtual ResultTask<SharedCredentials> get() = 0;
  /// After AWS said that the credentials expired: the next get() fetches anew.
  virtual void invalidate() {}
  /// For messages: "environment", "profile dev: assume role arn:…".
  virtual std::string describe() const = 0;
};

using SharedProvider = std::shared_ptr<CredentialsProvider>;

/// Always the same credentials. For a key under verification and for tests.
class StaticProvider final : public CredentialsProvider {
 public:
  explicit StaticProvider(SharedCredentials credentials) : credentials_(std::move(credentials)) {}
  ResultTask<SharedCredentials> get() override { co_return credentials_; }
  std::string describe() const override { return "fixed credentials"; }

 private:
  SharedCredentials credentials_;
};

}  // namespace rekeyer::aws
