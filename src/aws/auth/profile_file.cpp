#include "aws/auth/profile_file.hpp"

#include <fmt/format.h>

#include <optional>

#include "aws/auth/environment.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"

namespace rekeyer::aws {
namespace {

/// What a profile file may hold around its words.
constexpr std::string_view gaps = " \t\r\f\v";

std::string_view without_gaps(std::string_view text) { return trimmed(text, gaps); }

bool starts_comment(std::string_view text) { return text.starts_with('#') || text.starts_with(';'); }

std::string_view without_comment(std::string_view value) {
  if (starts_comment(value)) return {};
  for (std::size_t i = 1; i < value.size(); ++i) {
    if (starts_comment(value.substr(i)) && gaps.find(value[i - 1]) != std::string_view::npos) {
      return without_gaps(value.substr(0, i));
    }
  }
  return value;
}

std::string_view unquoted(std::string_view text) {
  const bool quoted = text.size() >= 2 && text.front() == text.back() && (text.front() == '"' || text.front() == '\'');
  return quoted ? text.substr(1, text.size() - 2) : text;
}

/// "profile  a b" with prefix "profile" gives "a b"; nothing where the prefix is not there.
std::optional<std::string_view> after_prefix(std::string_view header, std::string_view prefix) {
  if (!header.starts_with(prefix)) return std::nullopt;
  const auto rest = header.substr(prefix.size());
  if (rest.empty() || gaps.find(rest.front()) == std::string_view::npos) return std::nullopt;
  return unquoted(without_gaps(rest));
}

class Parser {
 public:
  Parser(std::string file_name, FileKind kind) : file_name_(std::move(file_name)), kind_(kind) {}

  void line(std::string_view raw) {
    ++number_;
    const auto text = without_gaps(raw);
    if (text.empty() || starts_comment(text)) return;
    const auto indent = raw.find_first_not_of(gaps);
    if (!is_utf8(text)) {
      bad("this line is not UTF-8: save the file as UTF-8");
    } else if (setting_ != nullptr && indent > indent_) {
      continuation(text);
    } else if (text.front() == '[') {
      header(text);
    } else {
      assignment(text, indent);
    }
  }

  ProfileFiles finish() {
    if (default_by_prefix_) {
      auto& shown = files_.profiles["default"];
      if (default_by_prefix_->bad_line.empty()) default_by_prefix_->bad_line = std::move(shown.bad_line);
      shown = *std::move(default_by_prefix_);
    }
    for (auto* sections : {&files_.profiles, &files_.sso_sessions, &files_.services}) {
      for (auto& [name, section] : *sections) inherit(section);
    }
    return std::move(files_);
  }

 private:
  std::string place() const { return fmt::format("{}:{}", file_name_, number_); }

  void bad(std::string_view problem) {
    auto& section = section_ == nullptr ? files_.profiles["default"] : *section_;
    if (section.place.empty()) section.place = place();
    note(section.bad_line, problem);
  }

  /// The first problem is kept.
  void note(std::string& bad_line, std::string_view problem) const {
    if (bad_line.empty()) bad_line = fmt::format("{}: {}", place(), problem);
  }

  void header(std::string_view text) {
    const auto end = text.find(']');
    const auto name = without_gaps(text.substr(1, end == std::string_view::npos ? end : end - 1));
    setting_ = nullptr;
    if (name.empty()) {
      // Whose settings follow is not known: nobody may take them for those of the section before.
      section_ = nullptr;
      bad("a section header without a name");
      ignored_ = {};
      section_ = &ignored_;
      return;
    }
    section_ = open(name);
    if (section_->place.empty()) section_->place = place();
    if (end == std::string_view::npos) bad("a section header without its \"]\"");
  }

  Section* open(std::string_view name) {
    if (name == "DEFAULT") return &for_all_;
    if (kind_ == FileKind::credentials) return &files_.profiles[std::string(unquoted(name))];
    if (name == "default") return &files_.profiles["default"];
    if (const auto profile = after_prefix(name, "profile")) {
      if (*profile != "default") return &files_.profiles[std::string(*profile)];
      if (!default_by_prefix_) default_by_prefix_.emplace();
      return &*default_by_prefix_;
    }
    if (const auto session = after_prefix(name, "sso-session")) return &files_.sso_sessions[std::string(*session)];
    if (const auto services = after_prefix(name, "services")) return &files_.services[std::string(*services)];
    // Sections of other tools ([plugins], [preview]) are read and dropped.
    ignored_ = {};
    return &ignored_;
  }

  /// Nothing where the line is none; it is noted then.
  std::optional<std::pair<std::string, ProfileEntry>> key_and_value(std::string_view text, std::string_view delimiters,
                                                                    std::string& bad_line) {
    const auto end = text.find_first_of(delimiters);
    auto key = lower_case(without_gaps(text.substr(0, end)));
    if (end == std::string_view::npos || key.empty()) {
      note(bad_line, key.empty() ? "a value without a key" : "expected \"key = value\"");
      return std::nullopt;
    }
    auto value = without_gaps(text.substr(end + 1));
    empty_ = value.empty();
    if (key != "credential_process") value = without_comment(value);
    return std::pair{std::move(key), ProfileEntry{WipedString(value), {}, kind_, file_name_, number_}};
  }

  void assignment(std::string_view text, std::size_t indent) {
    indent_ = indent;
    setting_ = nullptr;
    if (section_ == nullptr) {
      bad("a setting before the first section header");
      return;
    }
    auto pair = key_and_value(text, "=:", section_->bad_line);
    if (!pair) return;
    setting_ = &(section_->settings[pair->first] = std::move(pair->second));
    nests_ = empty_;
  }

  void continuation(std::string_view text) {
    if (!nests_) {
      setting_->text.append("\n").append(text);
    } else if (auto pair = key_and_value(text, "=", setting_->bad_line)) {
      // A nested value: the CLI knows "=" alone there.
      setting_->nested.insert_or_assign(std::move(pair->first), std::move(pair->second));
    }
  }

  /// What [DEFAULT] says, and the section does not.
  void inherit(Section& section) const {
    section.settings.insert(for_all_.settings.begin(), for_all_.settings.end());
    if (section.bad_line.empty()) section.bad_line = for_all_.bad_line;
  }

  std::string file_name_;
  FileKind kind_;
  int number_ = 0;
  ProfileFiles files_;
  std::optional<Section> default_by_prefix_;
  Section for_all_;
  Section ignored_;
  Section* section_ = nullptr;
  ProfileEntry* setting_ = nullptr;
  std::size_t indent_ = 0;
  bool empty_ = false;  ///< nothing at all stood behind the last key, not even a comment
  bool nests_ = false;  ///< so it was with `setting_`: what is indented below is a map
};

void add(std::map<std::string, Section, std::less<>>& sections, std::map<std::string, Section, std::less<>>& more) {
  for (auto& [name, section] : more) {
    auto& target = sections[name];
    if (target.place.empty()) target.place = std::move(section.place);
    if (target.bad_line.empty()) target.bad_line = std::move(section.bad_line);
    for (auto& [key, setting] : section.settings) target.settings.insert_or_assign(key, std::move(setting));
  }
}

}  // namespace

std::string ProfileEntry::place() const { return fmt::format("{}:{}", file, line); }

const ProfileEntry* Section::find(std::string_view key) const {
  const auto position = settings.find(key);
  if (position == settings.end()) return nullptr;
  const auto& setting = position->second;
  return setting.text.empty() && setting.nested.empty() ? nullptr : &setting;
}

Result<std::string> Section::text(std::string_view key) const {
  const auto* setting = find(key);
  if (setting == nullptr) return std::string{};
  if (!is_one_line(setting->text)) {
    return fail(ErrorKind::usage,
                fmt::format("{}: the value of {} holds a line break or control character", setting->place(), key));
  }
  return std::string(setting->view());
}

Result<> Section::whole() const {
  if (!bad_line.empty()) return fail(ErrorKind::usage, bad_line);
  for (const auto& [key, setting] : settings) {
    if (!setting.bad_line.empty()) return fail(ErrorKind::usage, setting.bad_line);
  }
  return {};
}

const Section* ProfileFiles::profile(std::string_view name) const {
  const auto position = profiles.find(name);
  return position == profiles.end() ? nullptr : &position->second;
}

Result<ProfileFiles> parse_profile_file(std::string_view text, const std::string& file_name, FileKind kind) {
  // Every other byte of its ASCII is zero.
  const bool zeros = text.size() >= 4 && (text[1] == '\0' || text[0] == '\0');
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF") || zeros) {
    return fail(
        ErrorKind::usage,
        fmt::format("{}: the file is UTF-16, not UTF-8 (PowerShell's \">\" writes such files): save it as UTF-8",
                    file_name));
  }
  if (text.contains('\0')) {
    return fail(ErrorKind::usage, fmt::format("{}: the file holds a zero byte: it is damaged, or no text", file_name));
  }
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  Parser parser(file_name, kind);
  while (!text.empty()) {
    // As the CLI does: a carriage return alone ends a line, too.
    const auto end = text.find_first_of("\r\n");
    parser.line(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + (text.substr(end).starts_with("\r\n") ? 2 : 1));
  }
  return parser.finish();
}

ProfileFiles merge(ProfileFiles config, ProfileFiles credentials) {
  add(config.profiles, credentials.profiles);
  return config;
}

}  // namespace rekeyer::aws
