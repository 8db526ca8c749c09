// The inventory as text. Pure. docs/inventory.md is the reference of every column and member.
#pragma once

#include <string>
#include <string_view>

#include "findings/inventory.hpp"
#include "report/report.hpp"

namespace rekeyer::findings {

/// Changes with each version that takes a column or a member away, or changes what one means; what is new does not.
inline constexpr std::string_view inventory_schema = "rekeyer-inventory/1";

/// One JSON object.
std::string inventory_json(const Inventory& inventory);
/// One JSON object a line and key: what the object of inventory_json() says of the user, and of the key.
std::string inventory_json_lines(const Inventory& inventory);
/// RFC 4180, one line a key, and one for each user without any.
std::string inventory_csv(const Inventory& inventory);
/// For people: the worst first.
std::string inventory_table(const Inventory& inventory, const report::Style& style);
/// What there is, in a few lines.
std::string inventory_summary(const Inventory& inventory, const report::Style& style);

}  // namespace rekeyer::findings
