// Takes ARNs apart. Whether what they name exists is for others to say.
#include "sandbox/world/arn.hpp"

namespace rekeyer::sandbox {

std::optional<ArnParts> arn_parts(std::string_view arn) {
  std::string_view parts[5];
  for (std::string_view& part : parts) {
    const std::size_t colon = arn.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    part = arn.substr(0, colon);
    arn.remove_prefix(colon + 1);
  }
  if (parts[0] != "arn") return std::nullopt;
  return ArnParts{.service = parts[2], .region = parts[3], .account = parts[4], .resource = arn};
}

std::optional<SecretAddress> secret_address(std::string_view arn) {
  constexpr std::string_view kind = "secret:";
  const auto parts = arn_parts(arn);
  if (!parts || parts->service != "secretsmanager" || !parts->resource.starts_with(kind)) return std::nullopt;
  const std::string_view rest = parts->resource.substr(kind.size());
  if (rest.empty()) return std::nullopt;
  return SecretAddress{.region = parts->region, .account = parts->account, .rest = rest};
}

}  // namespace rekeyer::sandbox
