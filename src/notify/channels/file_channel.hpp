// Events and mails as JSON lines at the end of a file, or on standard output: for other programs to carry on.
#pragma once

#include <string>
#include <vector>

#include "notify/model/channel.hpp"

namespace rekeyer::notify {

/// Appends whole lines; the file is made for its owner alone (0600) where it is missing. Fails with `not_sent`.
class LineFile {
 public:
  /// "-": standard output.
  explicit LineFile(std::string path) : path_(std::move(path)) {}
  Result<> append(const std::string& lines) const;

 private:
  std::string path_;
};

class FileEvents final : public EventChannel {
 public:
  FileEvents(std::string name, std::string path) : name_(std::move(name)), file_(std::move(path)) {}
  const std::string& name() const override { return name_; }
  /// event_json(), one a line.
  ResultTask<> publish(std::vector<Event> events) override;

 private:
  std::string name_;
  LineFile file_;
};

class FileMails final : public MailChannel {
 public:
  FileMails(std::string name, std::string path) : name_(std::move(name)), file_(std::move(path)) {}
  const std::string& name() const override { return name_; }
  /// An object with `to`, `subject`, `text`; `html` only where that is short.
  ResultTask<> send(Mail mail) override;

 private:
  std::string name_;
  LineFile file_;
};

}  // namespace rekeyer::notify
