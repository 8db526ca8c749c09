// The template engine, behind our own types: mustache by way of kainjow's library. Pure.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "notify/render/view.hpp"

namespace rekeyer::notify {

enum class Format { text, html };

/// `view` in the places of `source`. Texts of the view are cleaned of control characters, and escaped in HTML; none of
/// them is ever read as a template. `parts` are the templates that `{{> name}}` includes. Fails with `usage` where
/// `source` is no template.
Result<std::string> render_mustache(std::string_view source, const View& view,
                                    const std::map<std::string, std::string>& parts, Format format);

}  // namespace rekeyer::notify
