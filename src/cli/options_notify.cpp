#include "cli/options_notify.hpp"

#include <CLI/CLI.hpp>
#include <map>

#include "cli/options.hpp"

namespace rekeyer::cli {
namespace {

const std::map<std::string, Sample>& digests() {
  static const std::map<std::string, Sample> all{
      {"account", Sample::account}, {"administrators", Sample::administrators}, {"audit", Sample::audit}};
  return all;
}

std::vector<std::string> message_names() {
  std::vector<std::string> names;
  for (const auto kind : policy::all_notice_kinds()) names.emplace_back(policy::name(kind));
  for (const auto& [digest, sample] : digests()) names.push_back(digest);
  return names;
}

void add_stage(CLI::App& command, RawNotify& raw) {
  command.add_option("--stage", raw.message, "Which message (default: rotated)")->check(CLI::IsMember(message_names()));
}

}  // namespace

void add_notify_commands(CLI::App& app, Options& options, RawNotify& raw) {
  auto* notify = app.add_subcommand("notify", "Look at the messages to owners, and try the channels");
  notify->require_subcommand(1);
  auto* preview = notify->add_subcommand("preview", "Show a message as its reader would get it; sends nothing");
  add_stage(*preview, raw);
  preview->add_option("--format", raw.format, "text | html (default: text)")->check(CLI::IsMember({"text", "html"}));
  preview->callback([&options] { options.command = Command::notify_preview; });
  auto* test = notify->add_subcommand("test", "Send one sample message through one channel");
  test->add_option("--channel", options.notify_options.channel, "Name of the [[notify.channel]]")->required();
  test->add_option("--to", options.notify_options.to, "Address of a test mail (default: notify.administrators)");
  add_stage(*test, raw);
  test->callback([&options] { options.command = Command::notify_test; });
}

void read_notify(const RawNotify& raw, Options& options) {
  auto& notify = options.notify_options;
  notify.html = raw.format == "html";
  if (const auto digest = digests().find(raw.message); digest != digests().end()) {
    notify.sample = digest->second;
  } else if (const auto kind = policy::parse_notice_kind(raw.message)) {
    notify.kind = *kind;
  }
}

}  // namespace rekeyer::cli
