// Credentials from a program that a profile names (credential_process).
#pragma once

#include <string>
#include <vector>

#include "aws/auth/profile_file.hpp"
#include "aws/sign/credentials.hpp"
#include "base/clock.hpp"

namespace rekeyer::aws {

class ProcessProvider final : public CredentialsProvider {
 public:
  /// `arguments` is not empty. `clock` measures `timeout`, after which the program is killed.
  ProcessProvider(std::vector<std::string> arguments, Clock& clock, std::string origin,
                  Milliseconds timeout = std::chrono::minutes{1});
  /// Runs the program (no shell) and reads its JSON: Version 1, AccessKeyId, SecretAccessKey, SessionToken?,
  /// Expiration?. Fails with `usage` where it can't be started, fails (its standard error is quoted), takes too long or
  /// says too much, and with `bad_reply` where its answer can't be understood.
  ResultTask<SharedCredentials> get() override;
  std::string describe() const override;

 private:
  Result<SharedCredentials> read(std::string_view output) const;
  std::unexpected<Error> failed(std::string_view how, std::string_view errors) const;

  std::vector<std::string> arguments_;
  Clock& clock_;
  std::string origin_;
  Milliseconds timeout_;
};

/// The profile's credential_process as arguments; empty where it has none. Fails with `usage` and the place.
Result<std::vector<std::string>> read_credential_process(const Section& profile);

}  // namespace rekeyer::aws
