// A bucket of S3 and what is in it. Plain data.
#pragma once

#include <map>
#include <string>

#include "base/names.hpp"
#include "base/time.hpp"

namespace rekeyer::sandbox {

struct StoredObject {
  std::string bytes;
  std::string content_type = "binary/octet-stream";
  Instant modified{};
};

struct Bucket {
  std::string name;
  Region region;
  Instant created{};
  std::map<std::string, StoredObject> objects;  ///< by key
};

}  // namespace rekeyer::sandbox
