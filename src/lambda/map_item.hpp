// The accounts that a run's maps are given, and that events carry: {"id", "name", "email", "ous", "users", "changes"}.
// JSON both ways; pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/http/json.hpp"
#include "aws/http/json_writer.hpp"
#include "base/error.hpp"
#include "rotation/target.hpp"

namespace rekeyer::lambda {

struct MapItem {
  rotation::AccountTarget target;
  std::optional<std::size_t> changes;  ///< users that may be changed in it; nothing: not dealt out yet
};

/// Appends the item as an element of an array, or as a member.
void write_item(aws::JsonWriter& json, const MapItem& item);
/// Fails with `usage` where it is no such object: what is wrong and at which member. Unknown members are errors.
Result<MapItem> read_item(const aws::JsonValue& json);

/// An array of them, as Step Functions' item reader takes it.
std::string to_json(const std::vector<MapItem>& items);
Result<std::vector<MapItem>> parse_items(std::string_view text);

}  // namespace rekeyer::lambda
