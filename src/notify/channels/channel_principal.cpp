#include "notify/channels/channel_principal.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace rekeyer::notify {
namespace {

/// The fourth field of an ARN; empty for what is none.
std::string region_in(std::string_view arn) {
  if (!arn.starts_with("arn:")) return {};
  for (int field = 0; field < 3; ++field) {
    const auto colon = arn.find(':');
    if (colon == std::string_view::npos) return {};
    arn.remove_prefix(colon + 1);
  }
  return std::string(arn.substr(0, arn.find(':')));
}

}  // namespace

aws::Principal channel_principal(const ChannelSettings& settings, const ChannelParts& parts) {
  auto principal = parts.principal;
  if (!settings.region.empty()) principal.region = settings.region;
  for (const auto* arn : {&settings.topic_arn, &settings.bus}) {
    if (auto region = region_in(*arn); !region.empty()) principal.region = Region(std::move(region));
  }
  return principal;
}

}  // namespace rekeyer::notify
