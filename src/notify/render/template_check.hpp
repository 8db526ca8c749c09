// Is a template one that can be rendered? The engine shows nothing for a name that it does not know, so a misspelt
// placeholder would be an empty place in a mail: it is looked for before. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "notify/render/placeholders.hpp"

namespace rekeyer::notify {

/// All problems of `text` as the template `file`, each "file:line: what is wrong". `called` is the name to show: the
/// older system's where that was used.
std::vector<std::string> template_problems(const TemplateFile& file, std::string_view called, std::string_view text);

/// `text` with placeholders that hold what was rendered already written as {{{name}}}: the older system's template
/// writes {{actions}}. For a template without problems.
std::string with_ready_placeholders(const TemplateFile& file, std::string_view text);

}  // namespace rekeyer::notify
