// docs/doctor.md has a section for each thing that is looked at, in their order, and for nothing else.
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "doctor/check.hpp"

namespace rekeyer::doctor {
namespace {

TEST(DoctorDocs, HaveASectionForEachCheckAndForNothingElse) {
  std::ifstream docs(std::string(REKEYER_DOCS) + "/doctor.md");
  ASSERT_TRUE(docs) << "docs/doctor.md can't be read";
  std::vector<std::string> sections;
  std::vector<bool> remedies;
  for (std::string line; std::getline(docs, line);) {
    if (line.starts_with("### `")) {
      sections.push_back(line.substr(5, line.find('`', 5) - 5));
      remedies.push_back(false);
    } else if (!remedies.empty() && line.starts_with("**Remedy.**")) {
      remedies.back() = true;
    }
  }
  std::vector<std::string> topics;
  for (const auto topic : all_topics()) topics.emplace_back(name(topic));
  EXPECT_EQ(sections, topics);
  for (std::size_t i = 0; i < sections.size(); ++i) EXPECT_TRUE(remedies[i]) << sections[i] << " has no remedy";
}

}  // namespace
}  // namespace rekeyer::doctor
