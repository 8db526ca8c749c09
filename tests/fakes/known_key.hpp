// Credentials of a key that a test knows, as a client of AWS takes them.
#pragma once

#include <memory>
#include <string_view>

#include "aws/sign/credentials.hpp"

namespace rekeyer::fakes {

inline aws::SharedProvider provider_of(AccessKeyId id, std::string_view secret) {
  auto credentials = std::make_shared<aws::Credentials>();
  credentials->id = std::move(id);
  credentials->secret = Secret(secret);
  return std::make_shared<aws::StaticProvider>(std::move(credentials));
}

}  // namespace rekeyer::fakes
