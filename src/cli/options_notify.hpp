// The flags of `rekeyer notify`.
#pragma once

#include <string>

#include "policy/notice.hpp"

namespace CLI {  // NOLINT(readability-identifier-naming): the library's own name
class App;
}

namespace rekeyer::cli {

struct Options;

/// What is looked at or sent: one kind of notice to an owner, or a digest.
enum class Sample { notice, account, audit, administrators };

struct NotifyOptions {
  Sample sample = Sample::notice;
  policy::NoticeKind kind = policy::NoticeKind::rotated;
  bool html = false;
  std::string channel;  ///< name of a [[notify.channel]]
  std::string to;       ///< address of the test mail; empty: the administrators
};

/// What CLI11 fills.
struct RawNotify {
  std::string message;
  std::string format = "text";
};

void add_notify_commands(CLI::App& app, Options& options, RawNotify& raw);
/// The message by its name; CLI11 has checked the rest.
void read_notify(const RawNotify& raw, Options& options);

}  // namespace rekeyer::cli
