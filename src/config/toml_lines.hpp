// A rekeyer.toml that is being written, in which each line names the environment variables that it came from.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace rekeyer::config {

/// Who is to be named where a line is wrong.
using VariableNames = std::vector<std::string_view>;

class TomlLines {
 public:
  /// Begins "[policy]" or "[[notify.channel]]"; one that gets no line is left out.
  void open(std::string heading);
  /// key = value, where `value` is TOML. `note` is for the reader of the file, one line.
  void set(std::string_view key, std::string_view value, const VariableNames& names, std::string_view note = {});
  /// A line of comment, or a setting that is not in force.
  void remark(std::string_view text);

  bool empty() const;
  std::string text() const;

 private:
  struct Line {
    std::string text;
    VariableNames names;  ///< empty: a remark
    std::string note;
  };
  struct Section {
    std::string heading;
    std::vector<Line> lines;
  };
  std::vector<Section> sections_;
};

/// A TOML string, and a list of them.
std::string toml_text(std::string_view text);
std::string toml_list(const std::vector<std::string>& texts);

/// The names that TomlLines wrote at the end of lines: line (from 1) → "RotationPeriod" or "OrgListAccount,
/// OrgListRole".
std::map<int, std::string> variables_by_line(std::string_view text);

}  // namespace rekeyer::config
