// rekeyer config check and rekeyer config init.
#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "base/shown_text.hpp"
#include "cli/commands.hpp"
#include "cli/terminal.hpp"
#include "config/config.hpp"
#include "notify/render/template_source.hpp"
#include "notify/render/templates.hpp"

namespace rekeyer::cli {

int run_config_check(const Options& options) {
  std::optional<std::filesystem::path> file;
  if (!options.config_file.empty()) file = options.config_file;
  const auto configuration = config::load(file);
  if (!configuration) return report_error(configuration.error());
  const auto& settings = configuration->rotation;
  if (settings.file.empty()) {
    say("No configuration file was found; the defaults hold. `rekeyer config init` writes one.\n");
    return exit_ok;
  }
  // Templates in S3 are checked by every command that could send them.
  const auto& templates = configuration->notify.templates;
  if (!templates.empty() && !notify::in_s3(templates)) {
    const auto texts = notify::read_template_folder(templates);
    if (!texts) return report_error(texts.error());
    const auto checked = notify::Templates::with(*texts);
    if (!checked) return report_error(checked.error());
  }
  const auto scope = settings.scope.fixed_accounts.empty()
                         ? std::string("an organization")
                         : fmt::format("{} fixed accounts", settings.scope.fixed_accounts.size());
  print(fmt::format("{}: good ({}, {} overrides, {} exemptions, {} channels)\n", settings.file, scope,
                    settings.policy.overrides.size(), settings.policy.exempt_users.size(),
                    configuration->notify.channels.size()));
  return exit_ok;
}

int run_config_init(const Options& options) {
  const auto text = config::starter_file();
  if (options.output == "-") return print(text) ? exit_ok : exit_failed;
  const std::filesystem::path path = options.output.empty() ? "rekeyer.toml" : options.output;
  std::error_code ignored;
  if (std::filesystem::exists(path, ignored) && !options.force) {
    complain(fmt::format("{} exists; --force overwrites it", path.string()));
    return exit_usage;
  }
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (!file) {
    complain(fmt::format("{} can't be written", path.string()));
    return exit_failed;
  }
  say(fmt::format("{} written; read it, then try: rekeyer plan\n", shown_text(path.string())));
  return exit_ok;
}

}  // namespace rekeyer::cli
