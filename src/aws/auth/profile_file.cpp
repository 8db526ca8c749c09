#include "aws/auth/profile_file.hpp"

#include <fmt/format.h>

#include <optional>

#include "aws/auth/environment.hpp"
#include "base/text.hpp"
#include "base/try.hpp"

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

  Result<> line(std::string_view raw) {
    ++number_;
    const auto text = without_gaps(raw);
    if (text.empty() || starts_comment(text)) return {};
    const auto indent = raw.find_first_not_of(gaps);
    if (setting_ != nullptr && indent > indent_) return continuation(text);
    if (text.front() == '[') return header(text);
    return assignment(text, indent);
  }

  ProfileFiles finish() {
    if (default_by_prefix_) files_.profiles.insert_or_assign("default", *std::move(default_by_prefix_));
    return std::move(files_);
  }

 private:
  std::string place() const { return fmt::format("{}:{}", file_name_, number_); }
  std::unexpected<Error> broken(std::string_view problem) const {
    return fail(ErrorKind::usage, fmt::format("{}: {}", place(), problem));
  }

  Result<> header(std::string_view text) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) return broken("a section header without its \"]\"");
    const auto rest = without_gaps(text.substr(end + 1));
    if (!rest.empty() && !starts_comment(rest)) return broken("something follows a section header");
    const auto name = without_gaps(text.substr(1, end - 1));
    if (name.empty()) return broken("a section header without a name");
    section_ = open(name);
    if (section_->place.empty()) section_->place = place();
    setting_ = nullptr;
    return {};
  }

  Section* open(std::string_view name) {
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

  Result<std::pair<std::string, Setting>> key_and_value(std::string_view text) const {
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) return broken("expected \"key = value\"");
    auto key = lower_case(without_gaps(text.substr(0, equals)));
    if (key.empty()) return broken("a value without a key");
    auto value = without_gaps(text.substr(equals + 1));
    if (key != "credential_process") value = without_comment(value);
    return std::pair{std::move(key), Setting{WipedString(value), {}, kind_, file_name_, number_}};
  }

  Result<> assignment(std::string_view text, std::size_t indent) {
    if (section_ == nullptr) return broken("a setting before the first section header");
    TRY(auto pair, key_and_value(text));
    indent_ = indent;
    setting_ = &(section_->settings[pair.first] = std::move(pair.second));
    return {};
  }

  Result<> continuation(std::string_view text) {
    if (setting_->text.empty()) {
      TRY(auto pair, key_and_value(text));
      setting_->nested.insert_or_assign(std::move(pair.first), std::move(pair.second));
    } else {
      setting_->text.append("\n").append(text);
    }
    return {};
  }

  std::string file_name_;
  FileKind kind_;
  int number_ = 0;
  ProfileFiles files_;
  std::optional<Section> default_by_prefix_;
  Section ignored_;
  Section* section_ = nullptr;
  Setting* setting_ = nullptr;
  std::size_t indent_ = 0;
};

void add(std::map<std::string, Section, std::less<>>& sections, std::map<std::string, Section, std::less<>>& more) {
  for (auto& [name, section] : more) {
    auto& target = sections[name];
    if (target.place.empty()) target.place = std::move(section.place);
    for (auto& [key, setting] : section.settings) target.settings.insert_or_assign(key, std::move(setting));
  }
}

}  // namespace

std::string Setting::place() const { return fmt::format("{}:{}", file, line); }

const Setting* Section::find(std::string_view key) const {
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

const Section* ProfileFiles::profile(std::string_view name) const {
  const auto position = profiles.find(name);
  return position == profiles.end() ? nullptr : &position->second;
}

Result<ProfileFiles> parse_profile_file(std::string_view text, const std::string& file_name, FileKind kind) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  Parser parser(file_name, kind);
  while (!text.empty()) {
    const auto end = text.find('\n');
    TRY_VOID(parser.line(text.substr(0, end)));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return parser.finish();
}

ProfileFiles merge(ProfileFiles config, ProfileFiles credentials) {
  add(config.profiles, credentials.profiles);
  return config;
}

}  // namespace rekeyer::aws
