#include "probe/journal.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>

#include "base/text.hpp"
#include "base/try.hpp"

namespace rekeyer::probe {
namespace {

constexpr std::size_t words_of_a_line = 7;
constexpr std::string_view made = "make";
constexpr std::string_view gone_word = "gone";
constexpr std::string_view extension = ".journal";

std::string line_of(std::string_view what, const Thing& thing, Instant now) {
  return fmt::format("{} {} {} {} {} {} {}\n", what, iso8601(now), name(thing.kind), thing.account, thing.region,
                     thing.run, thing.name);
}

struct Line {
  bool made = false;
  Entry entry;
};

std::optional<Line> parse_line(std::string_view text) {
  const auto words = split(text, ' ');
  if (words.size() != words_of_a_line || (words[0] != made && words[0] != gone_word)) return std::nullopt;
  const auto since = parse_iso8601(words[1]);
  const auto kind = parse_kind(words[2]);
  if (!since || !kind || !valid_account_id(words[3]) || words[4].empty()) return std::nullopt;
  // Whatever the file says, only names that a probe gives are ever looked for.
  const auto run = run_in_name(words[6]);
  if (!run || run->str() != words[5]) return std::nullopt;
  Thing thing{*kind, AccountId(std::string(words[3])), Region(std::string(words[4])), *run, std::string(words[6])};
  return Line{words[0] == made, {std::move(thing), *since}};
}

void strike(std::vector<Entry>& entries, const Thing& thing) {
  std::erase_if(entries, [&](const Entry& entry) { return entry.thing == thing; });
}

std::unexpected<Error> no_journal(const std::filesystem::path& file, std::string_view why) {
  return fail(ErrorKind::usage, fmt::format("{} can't be used as the journal: {}", file.string(), why));
}

Result<std::string> read_all(int file) {
  std::string text;
  char piece[4096];
  for (;;) {
    const auto got = ::pread(file, piece, sizeof piece, static_cast<off_t>(text.size()));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(ErrorKind::rejected, std::strerror(errno));
    if (got == 0) return text;
    text.append(piece, static_cast<std::size_t>(got));
  }
}

}  // namespace

Result<std::vector<Entry>> entries_left(std::string_view text) {
  std::vector<Entry> entries;
  std::size_t number = 0;
  for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    ++number;
    const auto line = parse_line(text.substr(0, end));
    if (!line) return fail(ErrorKind::usage, fmt::format("line {} is not one of a probe's journal", number));
    strike(entries, line->entry.thing);
    if (line->made) entries.push_back(line->entry);
    text.remove_prefix(end + 1);
  }
  return entries;
}

Result<std::filesystem::path> journal_folder(const std::string& state_home, const std::string& home) {
  if (state_home.starts_with('/')) return std::filesystem::path(state_home) / "rekeyer" / "probe";
  if (!home.empty()) return std::filesystem::path(home) / ".local" / "state" / "rekeyer" / "probe";
  return fail(ErrorKind::usage, "there is no home to keep the journal in: name a file by --journal");
}

std::vector<std::filesystem::path> journals_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code absent;
  for (const auto& entry : std::filesystem::directory_iterator(folder, absent)) {
    if (entry.path().extension() == extension) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

Result<Journal> Journal::open(std::filesystem::path file) {
  std::error_code failed;
  if (file.has_parent_path()) std::filesystem::create_directories(file.parent_path(), failed);
  Journal journal;
  // Not through a link that somebody else put there.
  constexpr int flags = O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
  journal.open_file_ = FileDescriptor(::open(file.c_str(), flags, 0600));
  if (!journal.open_file_.is_open()) return no_journal(file, std::strerror(errno));
  struct stat about{};
  if (::fstat(journal.open_file_.get(), &about) != 0 || !S_ISREG(about.st_mode)) {
    return no_journal(file, "it is not a regular file");
  }
  if (::fchmod(journal.open_file_.get(), 0600) != 0) return no_journal(file, std::strerror(errno));
  const auto text = read_all(journal.open_file_.get());
  if (!text) return no_journal(file, text.error().message);
  auto left = entries_left(*text);
  if (!left) return no_journal(file, left.error().message);
  const auto whole = text->rfind('\n') == std::string::npos ? 0 : text->rfind('\n') + 1;
  // The end of a line that was cut short would spoil the next one.
  if (whole < text->size() && ::ftruncate(journal.open_file_.get(), static_cast<off_t>(whole)) != 0) {
    return no_journal(file, std::strerror(errno));
  }
  journal.left_ = *std::move(left);
  journal.file_ = std::move(file);
  return journal;
}

Result<> Journal::append(const std::string& line) {
  std::size_t written = 0;
  while (written < line.size()) {
    const auto more = ::write(open_file_.get(), line.data() + written, line.size() - written);
    if (more < 0 && errno == EINTR) continue;
    if (more <= 0) break;
    written += static_cast<std::size_t>(more);
  }
  if (written < line.size() || ::fdatasync(open_file_.get()) != 0) {
    return fail(ErrorKind::rejected,
                fmt::format("the journal {} can't be written: {}", file_.string(), std::strerror(errno)));
  }
  return {};
}

Result<> Journal::about_to_make(const Thing& thing, Instant now) {
  TRY_VOID(append(line_of(made, thing, now)));
  strike(left_, thing);
  left_.push_back({thing, now});
  return {};
}

Result<> Journal::gone(const Thing& thing) {
  const auto entry = std::ranges::find(left_, thing, &Entry::thing);
  if (entry == left_.end()) return {};
  TRY_VOID(append(line_of(gone_word, thing, entry->since)));
  strike(left_, thing);
  return {};
}

bool Journal::close_if_empty() {
  if (!left_.empty()) return false;
  std::error_code failed;
  const bool removed = std::filesystem::remove(file_, failed);
  open_file_.close();
  return removed;
}

}  // namespace rekeyer::probe
