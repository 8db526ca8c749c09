// The committed vectors (tests/vectors/sigv4, made by scripts/make_sigv4_vectors.py with botocore), stage by stage.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "aws/sign/sigv4.hpp"
#include "vectors/sigv4_case.hpp"

namespace rekeyer::aws {
namespace {

std::string contents(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<boost::json::object> committed_vectors() {
  std::vector<boost::json::object> vectors;
  for (const auto& entry : std::filesystem::directory_iterator(REKEYER_VECTORS "/sigv4")) {
    if (entry.path().extension() != ".json") continue;
    for (const auto& each : boost::json::parse(contents(entry.path())).as_array()) {
      vectors.push_back(each.as_object());
    }
  }
  return vectors;
}

TEST(SigV4Vectors, EveryStageIsWhatBotocoreComputes) {
  const auto vectors = committed_vectors();
  EXPECT_GE(vectors.size(), 40U);
  for (const auto& vector : vectors) {
    auto each = read_signing_case(vector);
    SCOPED_TRACE(each.name);
    sign(each.request, each.credentials, each.scope);
    const auto canonical = canonical_request(each.request, each.scope);
    EXPECT_EQ(canonical, text_member(vector, "canonical_request"));
    const auto to_sign = string_to_sign(canonical, each.scope);
    EXPECT_EQ(to_sign, text_member(vector, "string_to_sign"));
    EXPECT_EQ(signature(to_sign, each.credentials.secret, each.scope), text_member(vector, "signature"));
    EXPECT_EQ(each.request.headers.find("Authorization"), text_member(vector, "authorization"));
  }
}

}  // namespace
}  // namespace rekeyer::aws
