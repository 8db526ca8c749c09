// Files of the credential chain: small, perhaps secret, replaced only as a whole.
#pragma once

#include <filesystem>
#include <string_view>

#include "base/error.hpp"
#include "base/secret.hpp"

namespace rekeyer::aws {

/// The whole file, in memory that is wiped. Fails with `not_found` where it does not exist, and with `usage` (naming
/// the path) where it can't be read or is longer than `limit`.
Result<WipedString> read_small_file(const std::filesystem::path& path, std::size_t limit = std::size_t{1} << 20);

/// Replaces the file in one step (a new file, readable by its owner only, renamed over the old one): a reader sees the
/// old content or the new. Fails with `rejected` and the reason.
Result<> replace_private_file(const std::filesystem::path& path, std::string_view content);

}  // namespace rekeyer::aws
