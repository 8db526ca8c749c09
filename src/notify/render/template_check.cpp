#include "notify/render/template_check.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/spelling.hpp"
#include "base/text.hpp"

namespace rekeyer::notify {
namespace {

/// One {{…}} of a template.
struct Tag {
  enum class Kind { variable, raw, section, inverted, end, part, comment, delimiter };
  Kind kind = Kind::variable;
  std::string_view name;
  std::size_t begin = 0;  ///< where it stands in the text
  std::size_t end = 0;
};

Tag::Kind kind_of(char sign) {
  switch (sign) {
    case '#': return Tag::Kind::section;
    case '^': return Tag::Kind::inverted;
    case '/': return Tag::Kind::end;
    case '>': return Tag::Kind::part;
    case '&': return Tag::Kind::raw;
    case '!': return Tag::Kind::comment;
    case '=': return Tag::Kind::delimiter;
    default: return Tag::Kind::variable;
  }
}

/// The tags of a text, and where the first one that does not end begins (npos: all end).
std::pair<std::vector<Tag>, std::size_t> read_tags(std::string_view text) {
  std::vector<Tag> tags;
  for (std::size_t at = text.find("{{"); at != std::string_view::npos; at = text.find("{{", at)) {
    const bool triple = text.substr(at).starts_with("{{{");
    const std::string_view closing = triple ? "}}}" : "}}";
    const std::size_t inside = at + closing.size();
    const std::size_t end = text.find(closing, inside);
    if (end == std::string_view::npos) return {tags, at};
    std::string_view content = trimmed(text.substr(inside, end - inside));
    Tag tag{Tag::Kind::raw, content, at, end + closing.size()};
    if (!triple) {
      tag.kind = content.empty() ? Tag::Kind::variable : kind_of(content.front());
      if (tag.kind != Tag::Kind::variable) tag.name = trimmed(content.substr(1));
    }
    tags.push_back(tag);
    at = tag.end;
  }
  return {tags, std::string_view::npos};
}

class Checker {
 public:
  Checker(const TemplateFile& file, std::string_view called, std::string_view text)
      : file_(file), called_(called), text_(text) {
    scopes_.push_back(&placeholder_set(file.placeholder_set));
  }

  std::vector<std::string> run() {
    const auto [tags, unended] = read_tags(text_);
    for (const Tag& tag : tags) check(tag);
    if (unended != std::string_view::npos) report(unended, "a {{ that is not closed by }}");
    for (const Tag& open : open_) {
      report(open.begin, fmt::format("{{{{#{}}}}} is not closed: {{{{/{}}}}} is missing", open.name, open.name));
    }
    if (const auto foreign = text_.find("{%"); foreign != std::string_view::npos) {
      report(foreign, "{% … %} is another template language; loops and conditions are {{#name}} … {{/name}} here");
    }
    return std::move(problems_);
  }

 private:
  void check(const Tag& tag) {
    switch (tag.kind) {
      case Tag::Kind::variable: return check_variable(tag);
      case Tag::Kind::raw: return check_raw(tag);
      case Tag::Kind::section:
      case Tag::Kind::inverted: return open(tag);
      case Tag::Kind::end: return close(tag);
      case Tag::Kind::part: return check_part(tag);
      case Tag::Kind::comment: return;
      case Tag::Kind::delimiter: return report(tag.begin, "the signs {{ and }} can't be changed");
    }
  }

  void check_variable(const Tag& tag) {
    const Placeholder* known = find(tag);
    if (known == nullptr) return;
    if (known->shape == PlaceholderKind::list || known->shape == PlaceholderKind::flag) {
      report(tag.begin, fmt::format("{{{{{0}}}}} is no text; write {{{{#{0}}}}} … {{{{/{0}}}}}", tag.name));
    }
  }

  void check_raw(const Tag& tag) {
    const Placeholder* known = find(tag);
    if (known != nullptr && known->shape != PlaceholderKind::ready) {
      report(tag.begin, fmt::format("{} would be inserted unescaped; write {{{{{}}}}}", tag.name, tag.name));
    }
  }

  void open(const Tag& tag) {
    const Placeholder* known = find(tag);
    open_.push_back(tag);
    const bool items = known != nullptr && known->shape == PlaceholderKind::list && tag.kind == Tag::Kind::section;
    scopes_.push_back(items ? &placeholder_set(known->items) : nullptr);
  }

  void close(const Tag& tag) {
    if (open_.empty()) {
      return report(tag.begin, fmt::format("{{{{/{}}}}} closes what was never opened", tag.name));
    }
    const Tag& opened = open_.back();
    if (opened.name != tag.name) {
      report(tag.begin, fmt::format("{{{{/{}}}}} where {{{{/{}}}}} must be (opened in line {})", tag.name, opened.name,
                                    line_of(opened.begin)));
      // Closes an outer one? Then the inner ones were only forgotten; else this one is a slip of the pen.
      if (std::ranges::find(open_, tag.name, &Tag::name) == open_.end()) return;
      while (open_.back().name != tag.name) leave();
    }
    leave();
  }

  void leave() {
    open_.pop_back();
    scopes_.pop_back();
  }

  void check_part(const Tag& tag) {
    if (file_.part || is_subject(file_.name)) return report(tag.begin, "a part or a subject can't include parts");
    std::vector<std::string_view> known;
    for (const TemplateFile& other : template_files()) {
      if (other.part && is_html(other.name) == is_html(file_.name) && can_stand_here(other)) {
        known.push_back(part_name(other.name));
      }
    }
    if (std::ranges::find(known, tag.name) != known.end()) return;
    report(tag.begin, fmt::format("unknown part {{{{> {}}}}}{}", tag.name, meant(tag.name, known)));
  }

  /// A part sees what the place sees where it is included.
  bool can_stand_here(const TemplateFile& part) const {
    if (part.placeholder_set == "page") return true;
    return std::ranges::find(scopes_, &placeholder_set(part.placeholder_set)) != scopes_.end();
  }

  const Placeholder* find(const Tag& tag) {
    std::vector<std::string_view> known;
    for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope) {
      if (*scope == nullptr) continue;
      if (const Placeholder* found = (*scope)->find(tag.name)) return found;
      for (const Placeholder& placeholder : (*scope)->placeholders) known.push_back(placeholder.name);
    }
    report(tag.begin, fmt::format("unknown placeholder {{{{{}}}}}{}", tag.name, meant(tag.name, known)));
    return nullptr;
  }

  static std::string meant(std::string_view name, const std::vector<std::string_view>& known) {
    const std::string_view closest = closest_name(name, known);
    return closest.empty() ? "" : fmt::format("; did you mean {}?", closest);
  }

  std::size_t line_of(std::size_t at) const {
    return 1 + static_cast<std::size_t>(std::ranges::count(text_.substr(0, at), '\n'));
  }

  void report(std::size_t at, std::string_view what) {
    problems_.push_back(fmt::format("{}:{}: {}", called_, line_of(at), what));
  }

  const TemplateFile& file_;
  std::string_view called_;
  std::string_view text_;
  std::vector<const PlaceholderSet*> scopes_;  ///< one an open section, the file's own first; null: adds no names
  std::vector<Tag> open_;
  std::vector<std::string> problems_;
};

}  // namespace

std::vector<std::string> template_problems(const TemplateFile& file, std::string_view called, std::string_view text) {
  return Checker(file, called, text).run();
}

std::string with_ready_placeholders(const TemplateFile& file, std::string_view text) {
  // Names of what is ready are used for nothing else, in lists' items neither: they may be looked up without their
  // scope.
  const auto is_ready = [&](std::string_view name) {
    if (const Placeholder* own = placeholder_set(file.placeholder_set).find(name))
      return own->shape == PlaceholderKind::ready;
    return std::ranges::any_of(placeholder_set(file.placeholder_set).placeholders, [&](const Placeholder& list) {
      if (list.shape != PlaceholderKind::list) return false;
      const Placeholder* item = placeholder_set(list.items).find(name);
      return item != nullptr && item->shape == PlaceholderKind::ready;
    });
  };
  std::string result;
  std::size_t copied = 0;
  for (const Tag& tag : read_tags(text).first) {
    if (tag.kind != Tag::Kind::variable || !is_ready(tag.name)) continue;
    result += text.substr(copied, tag.begin - copied);
    result += fmt::format("{{{{{{{}}}}}}}", tag.name);
    copied = tag.end;
  }
  return result += text.substr(copied);
}

}  // namespace rekeyer::notify
