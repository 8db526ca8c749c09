// Bad files, one thing wrong in each: where the problem is said to be, and what is said.
#pragma once

#include <gtest/gtest.h>

#include <span>
#include <string_view>

#include "config/config.hpp"

namespace rekeyer::config {

struct Bad {
  std::string_view text;
  int line;
  std::string_view message;  ///< a part of it
};

inline void expect_problems(std::span<const Bad> rows) {
  for (const auto& row : rows) {
    const auto settings = parse(row.text, "rekeyer.toml");
    if (settings) {
      ADD_FAILURE() << "taken without a problem:\n" << row.text;
      continue;
    }
    std::string all;
    for (const auto& problem : settings.error()) all += describe(problem) + '\n';
    EXPECT_EQ(settings.error().size(), 1U) << row.text << "\n" << all;
    EXPECT_EQ(settings.error().front().line, row.line) << row.text << "\n" << all;
    EXPECT_NE(settings.error().front().message.find(row.message), std::string::npos)
        << row.text << "\n"
        << all << "wanted: " << row.message;
  }
}

}  // namespace rekeyer::config
