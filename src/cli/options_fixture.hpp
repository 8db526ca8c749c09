// Command lines in tests: what a line of one command gives, and what is said of one that is wrong.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "cli/options.hpp"

namespace rekeyer::cli::fixture {

/// Lines of `rekeyer COMMAND …`.
class Lines {
 public:
  explicit Lines(std::string command) : command_(std::move(command)) {}

  Parsed parse(const std::vector<std::string>& words) const {
    std::vector<const char*> arguments{"rekeyer", command_.c_str()};
    for (const auto& word : words) arguments.push_back(word.c_str());
    return parse_options(static_cast<int>(arguments.size()), arguments.data());
  }
  /// The options of a line that is right.
  Options good(const std::vector<std::string>& words) const {
    const auto parsed = parse(words);
    EXPECT_EQ(parsed.err, "");
    EXPECT_TRUE(parsed.options) << testing::PrintToString(words);
    return parsed.options.value_or(Options{});
  }
  /// What is said of a line that is wrong.
  std::string complaint(const std::vector<std::string>& words) const {
    const auto parsed = parse(words);
    EXPECT_FALSE(parsed.options) << testing::PrintToString(words);
    EXPECT_EQ(parsed.exit_code, 2);
    return parsed.err;
  }

 private:
  std::string command_;
};

}  // namespace rekeyer::cli::fixture
