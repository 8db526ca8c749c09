#include "lambda/records.hpp"

#include "base/concurrency.hpp"
#include "base/try.hpp"

namespace rekeyer::lambda {
namespace {

constexpr std::size_t readers = 64;

class Reading {
 public:
  Reading(RunFolder& folder, rotation::Mode pass, const std::vector<MapItem>& accounts)
      : folder_(folder), pass_(pass), accounts_(accounts), records_(accounts.size()) {}

  ResultTask<std::vector<std::optional<AccountRecord>>> run() {
    co_await for_each_index(accounts_.size(), readers, [this](std::size_t at) { return read_one(at); });
    if (failure_) co_return fail(std::move(*failure_));
    co_return std::move(records_);
  }

 private:
  Task<void> read_one(std::size_t at) {
    if (failure_) co_return;
    auto record = co_await folder_.record(pass_, accounts_[at].target.id);
    if (record) {
      if (*record) records_[at] = std::move((*record)->record);
    } else if (!failure_) {
      failure_ = std::move(record).error();
    }
  }

  RunFolder& folder_;
  rotation::Mode pass_;
  const std::vector<MapItem>& accounts_;
  std::vector<std::optional<AccountRecord>> records_;
  std::optional<Error> failure_;
};

}  // namespace

Result<RunFolder> folder_of(const Job& job, const std::string& run) {
  if (run.empty()) return fail(ErrorKind::usage, "event: run: which run? its name is missing");
  if (!job.deployment.runs) {
    return fail(ErrorKind::usage, "set REKEYER_RUNS=s3://BUCKET/PREFIX: it says where runs are kept");
  }
  return RunFolder(aws::S3Client(job.caller, job.principal), *job.deployment.runs, run);
}

ResultTask<std::vector<std::optional<AccountRecord>>> read_records(RunFolder& folder, rotation::Mode pass,
                                                                   const std::vector<MapItem>& accounts) {
  Reading reading(folder, pass, accounts);
  co_return co_await reading.run();
}

}  // namespace rekeyer::lambda
