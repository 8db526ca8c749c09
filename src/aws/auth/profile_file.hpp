// AWS's config and credentials files as sections and settings. Reading text is pure; profile_files.hpp finds the files.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/secret.hpp"

namespace rekeyer::aws {

enum class FileKind {
  config,       ///< ~/.aws/config: [default], [profile NAME], [sso-session NAME], [services NAME]
  credentials,  ///< ~/.aws/credentials: [NAME]
};

/// One "key = value" (or "key: value"), and where it stands. `nested` holds the indented "name = value" lines below an
/// empty value.
struct ProfileEntry {
  WipedString text;  ///< may be a secret; continuation lines are joined by line feeds
  std::map<std::string, ProfileEntry, std::less<>> nested;
  FileKind kind = FileKind::config;
  std::string file;
  int line = 0;
  std::string bad_line{};  ///< of the lines below it, as a section's

  std::string_view view() const { return text; }
  /// "/home/x/.aws/config:12"
  std::string place() const;
};

/// The settings of one profile, SSO session or services section, by lower-case key.
struct Section {
  std::string place;  ///< of its first header line
  std::map<std::string, ProfileEntry, std::less<>> settings;
  std::string bad_line;  ///< "file:line: …" of the first line that is no setting; empty: none

  /// Null where it is absent or empty.
  const ProfileEntry* find(std::string_view key) const;
  /// The same; fails with `usage` and the place where the value holds a line break or control character.
  Result<std::string> text(std::string_view key) const;
  /// Fails with `usage` and the first line that can't be read. To be asked of every section that is used.
  Result<> whole() const;
};

struct ProfileFiles {
  std::map<std::string, Section, std::less<>> profiles;
  std::map<std::string, Section, std::less<>> sso_sessions;
  std::map<std::string, Section, std::less<>> services;

  const Section* profile(std::string_view name) const;
};

/// Reads one file's text as the AWS CLI does (Python's configparser), where that says something other than the SDKs:
/// "=" and ":" both end a key, whichever comes first; what follows a header's "]" is nothing; [DEFAULT] fills in for
/// every other section of its file. Comments start a line with "#" or ";", or follow a value after white space (except
/// in `credential_process`, where they may belong to the command). A repeated key or section adds to the first, the
/// last value wins; [profile default] hides [default].
/// A line that can't be read is kept as its section's `bad_line`: it matters to those only who use that section. What
/// stands before the first header counts as [default]'s. Values are never repeated. Fails with `usage` only where the
/// text is no UTF-8 from end to end (UTF-16).
Result<ProfileFiles> parse_profile_file(std::string_view text, const std::string& file_name, FileKind kind);

/// Both files as one: settings of a profile add up, the credentials file wins.
ProfileFiles merge(ProfileFiles config, ProfileFiles credentials);

}  // namespace rekeyer::aws
