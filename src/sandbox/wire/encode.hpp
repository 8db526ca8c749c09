// The two encodings of a reply's tree. Written here and not taken from a library's serializer: AWS's own forms differ
// from it (whole seconds are whole numbers), and bodies are wiped.
#pragma once

#include <boost/json/object.hpp>
#include <string_view>

#include "base/secret.hpp"

namespace rekeyer::sandbox {

/// Appends the tree's members as elements; see reply.hpp for how a tree is written. Null members are left out.
void append_xml(WipedString& out, const boost::json::object& tree);
/// The text with `&`, `<`, `>`, quotes and carriage returns escaped; what XML can't hold becomes U+FFFD.
void append_xml_text(WipedString& out, std::string_view text);

/// Appends the value as JSON. A number without a fraction is written without one: 1767323045, not 1.767323045E9.
void append_json(WipedString& out, const boost::json::value& value);
void append_json(WipedString& out, const boost::json::object& tree);

}  // namespace rekeyer::sandbox
