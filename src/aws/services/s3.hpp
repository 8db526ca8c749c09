// Amazon S3: small objects read and written whole (templates, configuration, the folder of a run).
#pragma once

#include <functional>
#include <string>
#include <utility>

#include "aws/call/caller.hpp"
#include "base/task.hpp"

namespace rekeyer::aws {

/// An object and the tag by which S3 tells its state from others.
struct TaggedObject {
  std::string bytes;
  std::string etag;  ///< as S3 writes it, with its quotes
};

/// When a write may happen. S3 checks it and writes in one step, so of two writers one is refused with `conflict`.
struct WriteIf {
  enum class Kind { always, absent, unchanged };
  Kind kind = Kind::always;
  std::string etag = {};  ///< of `unchanged`
  static WriteIf always() { return {}; }
  static WriteIf absent() { return {Kind::absent, {}}; }
  static WriteIf unchanged(std::string etag) { return {Kind::unchanged, std::move(etag)}; }
};

class S3Client {
 public:
  S3Client(Caller& caller, Principal principal) : caller_(caller), principal_(std::move(principal)) {}
  /// The object's bytes, at most `limit` of them (`rejected` beyond). `not_found` for NoSuchKey and NoSuchBucket. Goes
  /// on once to the bucket's own region where S3 names another one. S3 GetObject.
  ResultTask<std::string> object(std::string bucket, std::string key, std::size_t limit = std::size_t{1} << 20);
  /// The same with its tag.
  ResultTask<TaggedObject> tagged_object(std::string bucket, std::string key, std::size_t limit);

  /// Writes the object whole, in the bucket's own region. Fails with `conflict` where the condition does not hold;
  /// after a lost reply also where the first attempt was what made it so. Repeating it is harmless. S3 PutObject with
  /// If-None-Match or If-Match.
  ResultTask<> put_object(std::string bucket, std::string key, std::string bytes, std::string content_type,
                          WriteIf condition);

 private:
  /// Sends what `make` gives, and once more to the region that S3 names.
  ResultTask<TaggedObject> ask(std::function<Call()> make);

  Caller& caller_;
  Principal principal_;
};

}  // namespace rekeyer::aws
