// For tests: the settings that a rekeyer.toml says.
#pragma once

#include <gtest/gtest.h>

#include <string_view>

#include "config/config.hpp"

namespace rekeyer::permissions {

/// Fails the test, with each problem, where the text is no configuration.
inline config::Configuration parsed(std::string_view toml) {
  auto configuration = config::parse(toml, "rekeyer.toml");
  if (configuration) return *std::move(configuration);
  for (const auto& problem : configuration.error()) ADD_FAILURE() << config::describe(problem);
  return {};
}

}  // namespace rekeyer::permissions
