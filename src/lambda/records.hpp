// The records of all accounts of a run, read side by side.
#pragma once

#include <optional>
#include <vector>

#include "lambda/job.hpp"
#include "lambda/run_folder.hpp"

namespace rekeyer::lambda {

/// The folder of the run that an event names. Fails with `usage` where it names none, or the deployment keeps none.
Result<RunFolder> folder_of(const Job& job, const std::string& run);

/// One for each account, in their order; nothing for one that left none. Fails where one can't be read.
ResultTask<std::vector<std::optional<AccountRecord>>> read_records(RunFolder& folder, rotation::Mode pass,
                                                                   const std::vector<MapItem>& accounts);

}  // namespace rekeyer::lambda
