// An SSM parameter that holds a secret: read when it is first needed, and once.
#pragma once

#include <memory>
#include <string>

#include "aws/services/ssm.hpp"
#include "base/secret.hpp"
#include "base/task.hpp"

namespace rekeyer::notify {

class SecretParameter {
 public:
  SecretParameter(aws::SsmClient client, std::string name) : client_(std::move(client)), name_(std::move(name)) {}
  /// Whether a name is configured at all.
  bool wanted() const { return !name_.empty(); }
  /// Fails as SSM does, and with `rejected` for an empty value; a failure is not kept.
  ResultTask<std::shared_ptr<const Secret>> get();

 private:
  aws::SsmClient client_;
  std::string name_;
  std::shared_ptr<const Secret> value_;
};

}  // namespace rekeyer::notify
