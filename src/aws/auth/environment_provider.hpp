// Credentials from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN.
#pragma once

#include "aws/auth/environment.hpp"
#include "aws/sign/credentials.hpp"

namespace rekeyer::aws {

class EnvironmentProvider final : public CredentialsProvider {
 public:
  explicit EnvironmentProvider(Environment environment) : environment_(std::move(environment)) {}
  /// Is either of the two keys set?
  static bool configured(const Environment& environment);
  /// Reads the variables anew. Fails with `usage` where one of the two keys is missing or malformed.
  ResultTask<SharedCredentials> get() override;
  std::string describe() const override { return "environment"; }

 private:
  Result<SharedCredentials> read() const;
  Environment environment_;
};

}  // namespace rekeyer::aws
