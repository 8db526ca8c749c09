// A probe for people and for programs. Pure; nothing here names the account.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "probe/probing.hpp"
#include "probe/redaction.hpp"
#include "report/report.hpp"

namespace rekeyer::probe {

/// What the report tells of where it was made.
struct Heading {
  std::string version;  ///< rekeyer's
  std::string partition;
  Region region;
  std::optional<bool> management;
  Instant at{};
  bool quick = false;
};

/// One line a check; what is believed stands below where it is not so.
std::string to_table(const Outcome& outcome, const Redaction& redaction, const report::Style& style);
/// docs/probe.md is the reference.
std::string to_json(const Outcome& outcome, const Redaction& redaction, const Heading& heading);
/// "48 as believed, 2 different, 3 not tried; 412 calls in 6 minutes"
std::string summary(const Outcome& outcome);
/// What was left, a line each; empty where nothing was.
std::string left_text(const std::vector<Bench::Left>& left);

/// The rows of all checks, without trying them.
std::string list_as_table(const std::vector<Check>& checks);
std::string list_as_json(const std::vector<Check>& checks);

/// Does something differ, or was something left that will not go by itself?
bool has_problems(const Outcome& outcome);
bool any_stays(const std::vector<Bench::Left>& left);

}  // namespace rekeyer::probe
