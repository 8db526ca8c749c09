// Amazon S3: reading small objects (templates, configuration).
#pragma once

#include <string>

#include "aws/call/caller.hpp"
#include "base/task.hpp"

namespace rekeyer::aws {

class S3Client {
 public:
  S3Client(Caller& caller, Principal principal) : caller_(caller), principal_(std::move(principal)) {}
  /// The object's bytes, at most `limit` of them (`rejected` beyond). `not_found` for NoSuchKey and NoSuchBucket. Goes
  /// on once to the bucket's own region where S3 names another one. S3 GetObject.
  ResultTask<std::string> object(std::string bucket, std::string key, std::size_t limit = std::size_t{1} << 20);

 private:
  Caller& caller_;
  Principal principal_;
};

}  // namespace rekeyer::aws
