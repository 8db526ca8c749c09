// rekeyer config migrate: the rekeyer.toml of an older rotator's deployment.
#include <fmt/format.h>
#include <unistd.h>

#include "aws/auth/small_file.hpp"
#include "base/try.hpp"
#include "cli/commands.hpp"
#include "cli/environment_file.hpp"
#include "cli/terminal.hpp"
#include "config/config.hpp"
#include "config/older_environment.hpp"
#include "config/older_variables.hpp"

namespace rekeyer::cli {
namespace {

using Variables = std::map<std::string, std::string>;

Variables of_process() {
  Variables variables;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

/// Two functions of one deployment may differ in what means nothing, as they do in RoleSessionName; not in a setting.
bool must_agree(const std::string& name) {
  const auto* older = config::find_older_variable(name);
  return older != nullptr && !older->becomes.empty();
}

Result<Variables> of_files(const std::vector<std::string>& files) {
  Variables all;
  std::map<std::string, std::string> found_in;
  for (const auto& file : files) {
    const auto text = aws::read_small_file(file);
    if (!text) return fail(ErrorKind::usage, text.error().message);
    TRY(auto variables, parse_environment_file(std::string_view(*text), file));
    for (auto& [name, value] : variables) {
      const auto before = all.find(name);
      if (before != all.end() && before->second != value && must_agree(name)) {
        return fail(ErrorKind::usage, fmt::format("{} says something else in {} than in {}; remove one of them", name,
                                                  file, found_in[name]));
      }
      found_in[name] = file;
      all.insert_or_assign(name, std::move(value));
    }
  }
  return all;
}

Result<Variables> variables_of(const Options& options) {
  if (options.environment_files.empty()) return of_process();
  TRY(auto variables, of_files(options.environment_files));
  // What a function's configuration does not hold: where it runs.
  if (!options.region.empty()) variables.insert_or_assign("AWS_REGION", options.region);
  return variables;
}

void warn(const std::vector<std::string>& warnings) {
  for (const auto& warning : warnings) complain(fmt::format("warning: {}", warning));
}

}  // namespace

int run_config_migrate(const Options& options) {
  const auto variables = variables_of(options);
  if (!variables) return report_error(variables.error());
  const auto settings = config::from_older_environment(*variables);
  if (!settings) return report_error(settings.error());
  warn(settings->warnings);
  // Of a workstation's environment most is nobody's business here; of a function's, all is.
  if (!options.environment_files.empty()) warn(config::unknown_variables(*variables));
  if (settings->text.empty()) {
    say("rekeyer: no setting of an older rotator is in this environment; name the file with one by --from-env, see "
        "docs/migrate.md\n");
    return exit_usage;
  }
  if (!print(settings->text)) return exit_failed;
  const auto parsed = config::parse(settings->text, std::string(config::environment_name));
  if (parsed) return exit_ok;
  for (const auto& problem : parsed.error()) complain(config::describe(problem));
  say("rekeyer: what is printed needs these changes before it can be used\n");
  return exit_failed;
}

}  // namespace rekeyer::cli
