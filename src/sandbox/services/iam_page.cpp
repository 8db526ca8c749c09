// Markers of IAM's pages.
#include "sandbox/services/iam_page.hpp"

#include <algorithm>
#include <boost/json/monotonic_resource.hpp>

namespace rekeyer::sandbox {
namespace {

constexpr std::int64_t page_if_not_said = 100;
constexpr std::int64_t largest_page = 1000;

// With characters that must be encoded, so that a client that forgets it is found out.
constexpr std::string_view marker_start = "page/";
constexpr std::string_view marker_end = "+=";

}  // namespace

ServiceResult<IamPage> IamPage::open(const Call& call, const AwsBehaviour& behaviour) {
  const bool said = call.input.contains("MaxItems");
  const std::int64_t asked = said ? call.integer("MaxItems").value_or(0) : page_if_not_said;
  if (asked < 1 || asked > largest_page) {
    return refuse("ValidationError", "1 validation error detected: Value at 'maxItems' failed to satisfy constraint");
  }
  IamPage page;
  page.size_ =
      static_cast<std::size_t>(behaviour.iam_page > 0 ? std::min<std::int64_t>(asked, behaviour.iam_page) : asked);
  if (const auto marker = call.text("Marker")) {
    const bool ours = marker->starts_with(marker_start) && marker->ends_with(marker_end) &&
                      marker->size() > marker_start.size() + marker_end.size();
    if (!ours) return refuse("ValidationError", "Invalid Marker.");
    page.after_ = marker->substr(marker_start.size(), marker->size() - marker_start.size() - marker_end.size());
  }
  return page;
}

void IamPage::close(boost::json::object& output) const {
  output.emplace("IsTruncated", truncated_);
  if (!truncated_) return;
  std::string marker(marker_start);
  marker.append(last_).append(marker_end);
  output.emplace("Marker", std::string_view(marker));
}

boost::json::object arena_output() {
  return boost::json::object(boost::json::make_shared_resource<boost::json::monotonic_resource>());
}

}  // namespace rekeyer::sandbox
