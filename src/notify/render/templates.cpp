#include "notify/render/templates.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/spelling.hpp"
#include "notify/render/embedded_texts.hpp"
#include "notify/render/headline.hpp"
#include "notify/render/mail_text.hpp"
#include "notify/render/mail_views.hpp"
#include "notify/render/mustache.hpp"
#include "notify/render/notice_view.hpp"
#include "notify/render/placeholders.hpp"
#include "notify/render/template_check.hpp"

namespace rekeyer::notify {
namespace {

constexpr std::size_t text_width = 76;
constexpr std::size_t longest_subject = 250;

using TextsByName = std::map<std::string, std::string, std::less<>>;

/// The file that `name` stands for; the older system's names too.
const TemplateFile* meant_file(std::string_view name) {
  for (const OlderName& older : older_names()) {
    if (name == older.older) return find_template_file(older.name);
  }
  return find_template_file(name);
}

/// Parts and notices are put into lines of their own: their last line's end would be one too many.
std::string without_last_line_end(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

std::string unknown_file(const std::string& name) {
  const std::vector<std::string> names = Templates::file_names();
  const std::vector<std::string_view> known(names.begin(), names.end());
  const std::string_view closest = closest_name(name, known);
  return name + ":1: no such template" + (closest.empty() ? "" : "; did you mean " + std::string(closest) + "?");
}

/// The parts that a template of that format may include.
std::map<std::string, std::string> parts_of(const TextsByName& texts, Format format) {
  std::map<std::string, std::string> parts;
  for (const TemplateFile& file : template_files()) {
    if (!file.part || is_html(file.name) != (format == Format::html)) continue;
    parts[std::string(part_name(file.name))] = texts.find(file.name)->second;
  }
  return parts;
}

std::string rendered(const TextsByName& texts, std::string_view name, const View& view) {
  const Format format = is_html(name) ? Format::html : Format::text;
  auto result = render_mustache(texts.find(name)->second, view, parts_of(texts, format), format);
  // with() has refused every text that the engine can't render.
  if (!result) throw std::logic_error(std::string(name) + ": " + result.error().message);
  return std::move(*result);
}

/// Sections that are left out leave their spaces behind.
std::string single_spaced(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c != ' ' || result.empty() || result.back() != ' ') result += c;
  }
  return result;
}

std::string subject_of(const TextsByName& texts, std::string_view stem, const View& view) {
  return shortened(single_spaced(one_line(rendered(texts, std::string(stem) + ".subject.txt", view))), longest_subject);
}

}  // namespace

Result<Templates> Templates::with(const std::map<std::string, std::string>& overrides) {
  Templates templates;
  for (const EmbeddedText& text : embedded_texts()) templates.texts_.emplace(text.name, text.text);
  std::vector<std::string> problems;
  std::map<std::string, std::string> given_as;
  for (const auto& [name, text] : overrides) {
    const TemplateFile* file = meant_file(name);
    if (file == nullptr) {
      problems.push_back(unknown_file(name));
      continue;
    }
    if (const auto [before, first] = given_as.emplace(file->name, name); !first) {
      problems.push_back(name + ":1: is the same template as " + before->second + "; keep one of them");
    }
    const auto found = template_problems(*file, name, text);
    problems.insert(problems.end(), found.begin(), found.end());
    templates.texts_.insert_or_assign(file->name, text);
  }
  for (auto& [name, text] : templates.texts_) {
    const TemplateFile* file = find_template_file(name);
    if (file == nullptr) return fail(ErrorKind::usage, name + " is embedded and has no place");
    text = without_last_line_end(with_ready_placeholders(*file, text));
    // What our own check let through and the engine would not.
    const auto tried = render_mustache(text, {}, {}, Format::text);
    if (!tried && problems.empty()) problems.push_back(name + ":1: " + tried.error().message);
  }
  if (problems.empty()) return templates;
  std::string all = "templates:";
  for (const std::string& problem : problems) all += "\n  " + one_line(problem);
  return fail(ErrorKind::usage, all);
}

std::vector<std::string> Templates::file_names() {
  std::vector<std::string> names;
  for (const TemplateFile& file : template_files()) names.push_back(file.name);
  for (const OlderName& older : older_names()) names.emplace_back(older.older);
  return names;
}

std::string_view Templates::built_in(std::string_view file_name) {
  const TemplateFile* file = meant_file(file_name);
  if (file == nullptr) return {};
  const auto found = std::ranges::find(embedded_texts(), file->name, &EmbeddedText::name);
  return found == embedded_texts().end() ? std::string_view{} : found->text;
}

Mail Templates::render(const OwnerMail& model) const {
  const std::vector<NoticeContext> ordered = most_urgent_first(model.keys);
  View view = owner_view(model, ordered);
  Mail mail{model.to, subject_of(texts_, "owner", view), {}, {}};
  view.texts["subject"] = mail.subject;
  for (const std::string ending : {".txt", ".html"}) {
    std::vector<View> contexts;
    for (const NoticeContext& context : ordered) {
      if (contexts.size() == most_notices_a_mail) break;
      View values = common_view(model.sender, model.help_url, model.now);
      values.add(notice_view(context, model.now));
      values.texts["subject"] = mail.subject;
      View item;
      item.ready["story"] = rendered(texts_, std::string(policy::name(context.notice.kind)) + ending, values);
      contexts.push_back(std::move(item));
    }
    view.lists["stories"] = std::move(contexts);
    (ending == ".txt" ? mail.text : mail.html) = rendered(texts_, "owner" + ending, view);
  }
  mail.text = wrapped(mail.text, text_width);
  return mail;
}

Mail Templates::render(const AccountDigest& model) const {
  const std::string stem = model.audit ? "audit" : "account";
  View text_view = account_view(model, Format::text);
  View html_view = account_view(model, Format::html);
  Mail mail{model.to, subject_of(texts_, stem, text_view), {}, {}};
  text_view.texts["subject"] = mail.subject;
  html_view.texts["subject"] = mail.subject;
  mail.text = wrapped(rendered(texts_, stem + ".txt", text_view), text_width);
  mail.html = rendered(texts_, stem + ".html", html_view);
  return mail;
}

Mail Templates::render(const AdministratorDigest& model) const {
  View view = administrator_view(model);
  Mail mail{model.to, subject_of(texts_, "administrators", view), {}, {}};
  view.texts["subject"] = mail.subject;
  mail.text = wrapped(rendered(texts_, "administrators.txt", view), text_width);
  mail.html = rendered(texts_, "administrators.html", view);
  return mail;
}

}  // namespace rekeyer::notify
