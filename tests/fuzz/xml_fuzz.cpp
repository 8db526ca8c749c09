// AWS's XML replies: whatever comes, reading it ends without a crash, and errors are told, not thrown.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "aws/http/service_error.hpp"
#include "aws/http/xml.hpp"

namespace {

void walk(const rekeyer::aws::XmlNode& node) {
  static_cast<void>(node.text());
  static_cast<void>(node.time({}));
  static_cast<void>(node.integer({}));
  static_cast<void>(node.optional_boolean("a/b"));
  for (const auto& child : node.children()) walk(child);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto root = rekeyer::aws::XmlNode::parse(text)) walk(*root);
  static_cast<void>(rekeyer::aws::read_xml_error(text));
  return 0;
}
