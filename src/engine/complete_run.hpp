// One sweep from beginning to end: accounts, gateway and visitor put together, people told, the report handed
// back.
#pragma once

#include <functional>
#include <vector>

#include "engine/notifier.hpp"
#include "engine/session.hpp"
#include "rotation/inventory.hpp"
#include "rotation/outcome.hpp"
#include "rotation/sweep.hpp"

namespace rekeyer::engine {

/// What is to be swept, and who hears of it.
struct SweepRequest {
  rotation::Mode mode = rotation::Mode::plan;
  rotation::RunOptions options;
  rotation::Filter filter;                            ///< narrows the configured accounts
  std::vector<rotation::AccountTarget> targets;       ///< these accounts instead of the configured ones
  std::function<Result<Instant>(Instant now)> as_of;  ///< plan as of this instant; `now` is AWS's
  rotation::SweepObserver observer;
  notify::Audience audience = notify::Audience::everybody;  ///< of an apply
  bool find_owners = true;                                  ///< plan: who could not be told is a finding
  bool audit_mails = false;                                 ///< plan: send them
  /// Fail with `usage` where configuration or filter name what is not there, or the filter leaves no account: before
  /// anything is changed.
  bool refuse_unknown_names = false;
};

struct SweepResult {
  rotation::RunReport report;
  DeliverySummary delivery;
};

/// Plans or applies, and tells people; a way to tell them that fails is in the report. Fails where not even a beginning
/// was possible: no way to tell people. The session outlives it.
ResultTask<SweepResult> sweep_accounts(const Session& session, SweepRequest request);

}  // namespace rekeyer::engine
