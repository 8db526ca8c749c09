// Reads profile files given as JSON lines and prints what stands in them as JSON lines: the C++ half of
// tests/profile_files_live.py.
#include <boost/json.hpp>
#include <iostream>
#include <string>

#include "aws/auth/profile_file.hpp"

namespace {

using namespace rekeyer::aws;

boost::json::object settings_of(const Section& section) {
  boost::json::object settings;
  for (const auto& [key, setting] : section.settings) {
    if (setting.nested.empty()) {
      settings[key] = std::string(setting.view());
      continue;
    }
    boost::json::object nested;
    for (const auto& [name, value] : setting.nested) nested[name] = std::string(value.view());
    settings[key] = std::move(nested);
  }
  return settings;
}

std::string problem_of(const Section& section) {
  const auto whole = section.whole();
  return whole ? std::string() : whole.error().message;
}

}  // namespace

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    const auto given = boost::json::parse(line).as_object();
    const bool config = given.at("kind").as_string() == "config";
    const auto files =
        parse_profile_file(given.at("text").as_string(), "file", config ? FileKind::config : FileKind::credentials);
    boost::json::object result;
    if (!files) {
      result["problem"] = files.error().message;
    } else {
      boost::json::object profiles;
      for (const auto& [name, section] : files->profiles) {
        profiles[name] = boost::json::object{{"settings", settings_of(section)}, {"bad_line", problem_of(section)}};
      }
      result["profiles"] = std::move(profiles);
    }
    std::cout << boost::json::serialize(result) << '\n';
  }
}
