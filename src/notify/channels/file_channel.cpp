#include "notify/channels/file_channel.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "aws/http/json_writer.hpp"
#include "base/file_descriptor.hpp"
#include "notify/channels/event_json.hpp"

namespace rekeyer::notify {
namespace {

constexpr std::size_t short_html = 4096;

int open_to_append(const std::string& path) {
  return ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, S_IRUSR | S_IWUSR);
}

}  // namespace

Result<> LineFile::append(const std::string& lines) const {
  const auto failed = [&] {
    return fail(ErrorKind::not_sent, fmt::format("{} can't be written: {}", path_ == "-" ? "standard output" : path_,
                                                 std::generic_category().message(errno)));
  };
  const bool standard_output = path_ == "-";
  const FileDescriptor file(standard_output ? -1 : open_to_append(path_));
  if (!standard_output && !file.is_open()) return failed();
  // In one write where the system lets us: other writers' lines then stand before or after, not between.
  for (std::string_view rest = lines; !rest.empty();) {
    const auto written = ::write(standard_output ? STDOUT_FILENO : file.get(), rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failed();
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

ResultTask<> FileEvents::publish(std::vector<Event> events) {
  std::string lines;
  for (const auto& event : events) {
    lines += event_json(event);
    lines += '\n';
  }
  co_return file_.append(lines);
}

ResultTask<> FileMails::send(Mail mail) {
  aws::JsonWriter json;
  json.begin_object().member("to", mail.to).member("subject", mail.subject).member("text", mail.text);
  if (!mail.html.empty() && mail.html.size() <= short_html) json.member("html", mail.html);
  auto line = json.finish_text();
  line += '\n';
  co_return file_.append(line);
}

}  // namespace rekeyer::notify
