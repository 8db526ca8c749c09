// What Secrets Manager refuses by form alone: names, tokens, tags, values; and its refusals in AWS's wording.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sandbox/wire/call.hpp"
#include "sandbox/wire/service_error.hpp"

namespace rekeyer::sandbox {

std::unexpected<ServiceError> invalid_secret_parameter(std::string message);
std::unexpected<ServiceError> invalid_secret_request(std::string message);
/// "1 validation error detected: Value at '<member>' failed to satisfy constraint: <constraint>". Never shows the
/// value.
std::unexpected<ServiceError> unsatisfied(std::string_view member, std::string_view constraint);
std::unexpected<ServiceError> secret_not_found();
std::unexpected<ServiceError> secret_marked_for_deletion();

using Checked = ServiceResult<void>;

Checked check_secret_name(std::string_view name);
/// Keys of 1–128 and values of up to 256 letters, digits, blanks and _.:/=+-@; no key twice, none that starts with
/// aws:.
Checked check_secret_tags(const std::vector<std::pair<std::string, std::string>>& tags);
/// A secret has at most 50.
Checked check_tag_count(std::size_t count);
Checked check_description(const Call& call);

/// The value that a call brings.
struct NewValue {
  std::string text;
  bool binary = false;
};
/// Nothing where it brings none. Refuses both kinds at once, and more than 65,536 bytes.
ServiceResult<std::optional<NewValue>> read_secret_value(const Call& call);

/// The ClientRequestToken that the call brings, of 32–64 characters; nothing where it brings none.
ServiceResult<std::optional<std::string>> read_request_token(const Call& call);

/// A page's size between 1 and `most`, which is also what a call without one gets; capped by `cap`.
ServiceResult<std::size_t> read_page_size(const Call& call, std::int64_t most, int cap);

}  // namespace rekeyer::sandbox
