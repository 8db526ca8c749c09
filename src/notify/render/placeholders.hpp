// Which placeholders each template knows, and which files there are: the one list for the checker, the views and the
// documentation.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rekeyer::notify {

enum class PlaceholderKind {
  text,   ///< {{name}}; {{#name}} shows where it is not empty
  flag,   ///< {{#name}} or {{^name}}
  list,   ///< {{#name}} once for each item, whose names `items` says
  ready,  ///< {{name}}, rendered by rekeyer: may be written {{{name}}} too
};

struct Placeholder {
  std::string_view name;
  PlaceholderKind shape = PlaceholderKind::text;
  std::string_view items;  ///< the vocabulary of a list's items
  std::string_view what;   ///< for the documentation
};

/// The placeholders of one kind of template, or of a list's items.
struct PlaceholderSet {
  std::string_view name;  ///< "owner", "notice", "line"
  std::string_view what;
  std::vector<Placeholder> placeholders;

  const Placeholder* find(std::string_view placeholder) const;
};
/// All, in documentation order.
const std::vector<PlaceholderSet>& placeholder_sets();
/// Throws for a name that is not in the list: a bug.
const PlaceholderSet& placeholder_set(std::string_view name);

struct TemplateFile {
  std::string name;                  ///< "owner.html"
  std::string_view placeholder_set;  ///< what its placeholders are
  bool part = false;                 ///< for {{> name}} only
};
/// All files that can be overridden, but for the older system's names.
const std::vector<TemplateFile>& template_files();
/// Null for an unknown name.
const TemplateFile* find_template_file(std::string_view name);

/// A file name of the older system, and the file that it stands for.
struct OlderName {
  std::string_view older;
  std::string_view name;
};
const std::vector<OlderName>& older_names();

/// "key-facts" of "key-facts.html": what {{> …}} says.
std::string_view part_name(std::string_view file_name);
bool is_html(std::string_view file_name);
bool is_subject(std::string_view file_name);

}  // namespace rekeyer::notify
