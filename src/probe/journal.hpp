// What a probe is about to make, written to a file of this machine before it is asked for: a run that is killed can be
// cleared up after.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/file_descriptor.hpp"
#include "base/time.hpp"
#include "probe/thing.hpp"

namespace rekeyer::probe {

/// Something that was to be made, and of which the journal does not say that it is gone.
struct Entry {
  Thing thing;
  Instant since{};
};

/// What is left by a journal's text, in its order. A last line without its end was cut short before anything was made.
/// Fails with `usage` where a line is no journal's: the file is another one.
Result<std::vector<Entry>> entries_left(std::string_view text);

/// The folder of all journals: under $XDG_STATE_HOME, or in .local/state at home. Fails with `usage` where neither is
/// known.
Result<std::filesystem::path> journal_folder(const std::string& state_home, const std::string& home);
/// The journals in it, sorted; an absent folder has none.
std::vector<std::filesystem::path> journals_in(const std::filesystem::path& folder);

class Journal {
 public:
  /// Makes the file, readable by this user only, and its folder; one that is there goes on. Fails with `usage`.
  static Result<Journal> open(std::filesystem::path file);

  /// On disk when it returns, and only then may the thing be made. Fails with `rejected`.
  Result<> about_to_make(const Thing& thing, Instant now);
  Result<> gone(const Thing& thing);
  /// The file goes where nothing is left in it. True: it is gone.
  bool close_if_empty();

  const std::vector<Entry>& left() const { return left_; }
  const std::filesystem::path& file() const { return file_; }

 private:
  Journal() = default;
  Result<> append(const std::string& line);

  std::filesystem::path file_;
  FileDescriptor open_file_;
  std::vector<Entry> left_;
};

}  // namespace rekeyer::probe
