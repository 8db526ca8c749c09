// For tests of judgements: checks as lines that can be compared.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "doctor/check.hpp"

namespace rekeyer::doctor {

/// "problem store.key", one a line.
inline std::string lines_of(const Checks& checks) {
  std::string lines;
  for (const auto& check : checks) {
    lines += std::string(name(check.status)) + " " + std::string(name(check.topic)) + "\n";
    const bool needs_remedy = check.status == Status::warning || check.status == Status::problem;
    EXPECT_FALSE(needs_remedy && check.remedy.empty()) << check.finding << " has no remedy";
    EXPECT_FALSE(check.finding.empty()) << name(check.topic);
  }
  return lines;
}

/// The one check of the topic.
inline Check of(const Checks& checks, Topic topic) {
  Check found;
  int count = 0;
  for (const auto& check : checks) {
    if (check.topic != topic) continue;
    found = check;
    ++count;
  }
  EXPECT_EQ(count, 1) << name(topic);
  return found;
}

inline std::string status_of(const Checks& checks, Topic topic) {
  const auto check = of(checks, topic);
  const bool needs_remedy = check.status == Status::warning || check.status == Status::problem;
  EXPECT_FALSE(needs_remedy && check.remedy.empty()) << check.finding << " has no remedy";
  return std::string(name(check.status));
}

inline std::unexpected<Error> refused(ErrorKind kind, std::string code = "Code") {
  return fail(Error{kind, "no", std::move(code), "svc:Operation", "request-1"});
}

}  // namespace rekeyer::doctor
