#include "notify/render/mustache.hpp"

#include <exception>
#include <kainjow/mustache.hpp>

#include "notify/render/mail_text.hpp"

namespace rekeyer::notify {
namespace {

namespace engine = kainjow::mustache;

engine::data data_of(const View& view) {
  engine::data result;
  for (const auto& [name, value] : view.texts) {
    const std::string text = one_line(value);
    // The engine takes an empty text for true; and a missing one would be looked up in the enclosing list's item.
    result.set(name, text.empty() ? engine::data(false) : engine::data(text));
  }
  for (const auto& [name, value] : view.ready) {
    result.set(name, value.empty() ? engine::data(false) : engine::data(value));
  }
  for (const auto& [name, value] : view.flags) result.set(name, engine::data(value));
  for (const auto& [name, items] : view.lists) {
    engine::data list{engine::data::type::list};
    for (const View& item : items) list.push_back(data_of(item));
    result.set(name, list);
  }
  return result;
}

}  // namespace

Result<std::string> render_mustache(std::string_view source, const View& view,
                                    const std::map<std::string, std::string>& parts, Format format) {
  try {
    engine::mustache parsed{std::string(source)};
    if (parsed.is_valid()) {
      parsed.set_custom_escape(
          [format](const std::string& text) { return format == Format::html ? escape_html(text) : text; });
      engine::data values = data_of(view);
      // Names of parts hold a '-' and names of placeholders never do: no value can be taken for a template.
      for (const auto& [name, text] : parts) values.set(name, engine::data(text));
      std::string rendered = parsed.render(values);
      if (parsed.is_valid()) return rendered;
    }
    return fail(ErrorKind::usage, parsed.error_message());
  } catch (const std::exception& problem) {
    return fail(ErrorKind::usage, problem.what());
  }
}

}  // namespace rekeyer::notify
