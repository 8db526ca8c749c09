// One run's folder in S3: what the functions of a run leave for each other. docs/design/0009-on-aws.md has its layout.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "aws/services/s3.hpp"
#include "base/task.hpp"
#include "lambda/account_record.hpp"
#include "lambda/deployment.hpp"
#include "lambda/map_item.hpp"
#include "lambda/work.hpp"
#include "rotation/outcome.hpp"

namespace rekeyer::lambda {

/// An outcome that is in the folder, and the state of its object.
struct KeptRecord {
  AccountRecord record;
  std::string etag;
};

class RunFolder {
 public:
  /// `run` was checked by events.hpp: it can't lead out of the folder.
  RunFolder(aws::S3Client s3, S3Folder runs, std::string run);

  const std::string& bucket() const { return runs_.bucket; }
  /// The key of one of the folder's objects.
  std::string key(std::string_view object) const;

  ResultTask<> put_accounts(std::vector<MapItem> accounts, std::vector<rotation::AccountTarget> skipped);
  ResultTask<std::vector<MapItem>> accounts();
  ResultTask<std::vector<rotation::AccountTarget>> skipped();

  ResultTask<> put_allotted(std::vector<MapItem> accounts);
  /// Nothing where it was not dealt out.
  ResultTask<std::optional<std::vector<MapItem>>> allotted();

  /// One account's outcome in a pass; nothing where it left none.
  ResultTask<std::optional<KeptRecord>> record(rotation::Mode pass, AccountId account);
  /// Keeps the outcome; one that is there already is merged with. `before`: what record() gave, so that it is read
  /// again only where somebody wrote in between. Gives what then stands there.
  ResultTask<AccountRecord> add_record(rotation::Mode pass, AccountRecord record, std::optional<KeptRecord> before);

  /// report.json and report.csv, and beside the folder latest.json; that one not of a relocking run, which would look
  /// like the daily one.
  ResultTask<> put_report(const rotation::RunReport& report, Work work);

 private:
  ResultTask<std::optional<std::string>> read(std::string object);
  ResultTask<> write(std::string object, std::string text, std::string type);
  /// "s3://bucket/key", for messages.
  std::string place(std::string_view object) const;

  aws::S3Client s3_;
  S3Folder runs_;
  std::string run_;
};

}  // namespace rekeyer::lambda
