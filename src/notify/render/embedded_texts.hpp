// The built-in templates' texts, as the build found them in src/notify/render/templates.
#pragma once

#include <string_view>
#include <vector>

namespace rekeyer::notify {

struct EmbeddedText {
  std::string_view name;  ///< "owner.html"
  std::string_view text;
};

/// All of them, by name. Defined in a generated source (cmake/embed_texts.cmake).
const std::vector<EmbeddedText>& embedded_texts();

}  // namespace rekeyer::notify
