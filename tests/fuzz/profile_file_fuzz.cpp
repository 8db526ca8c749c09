// AWS's config and credentials files, in any state a person or an editor left them in.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "aws/auth/profile_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using rekeyer::aws::FileKind;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  auto config = rekeyer::aws::parse_profile_file(text, "config", FileKind::config);
  auto credentials = rekeyer::aws::parse_profile_file(text, "credentials", FileKind::credentials);
  if (config && credentials) static_cast<void>(rekeyer::aws::merge(*std::move(config), *std::move(credentials)));
  return 0;
}
