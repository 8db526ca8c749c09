// A text out of a JSON object that a call brought.
#pragma once

#include <boost/json/object.hpp>
#include <string_view>

namespace rekeyer::sandbox {

/// The member of that name; empty where it is missing or no text. Valid as long as the object.
std::string_view member_text(const boost::json::object& object, std::string_view member);

}  // namespace rekeyer::sandbox
