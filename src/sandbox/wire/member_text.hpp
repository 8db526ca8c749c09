// Texts out of a JSON object that a call brought.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace rekeyer::sandbox {

/// The member of that name; empty where it is missing or no text. Valid as long as the object.
std::string_view member_text(const boost::json::object& object, std::string_view member);

/// The texts of the list of that name; empty where it is missing or no list. What is no text is left out.
std::vector<std::string> member_texts(const boost::json::object& object, std::string_view member);

}  // namespace rekeyer::sandbox
