#include "cli/manual.hpp"

#include <fmt/format.h>

#include <array>
#include <cctype>

#include "base/text.hpp"
#include "cli/roff.hpp"
#include "engine/version.hpp"

namespace rekeyer::cli {
namespace {

constexpr std::array examples{
    ManualExample{"config init", "Write a configuration to start from, with every key explained."},
    ManualExample{"plan", "Look at what is due. Changes nothing."},
    ManualExample{"plan --at +30d --format csv", "What will be due in a month, as a file for a spreadsheet."},
    ManualExample{"inventory --format csv", "Every key of the organization, for a spreadsheet."},
    ManualExample{"explain --account 222222222222 --user ci-deploy", "Why one user is treated as he is."},
    ManualExample{"apply --ou ou-ab12-cdef3456 --max-changes 5", "Do what is due in a part of the organization."},
    ManualExample{"rotate --account 222222222222 --user ci-deploy --deactivate-now",
                  "A leaked key: issue another one, and deactivate the old one as soon as that works."},
};

constexpr std::string_view description =
    "Each key gets a successor when it has reached its age; the successor is stored in AWS Secrets Manager, verified "
    "and published before the old key starts to retire. The old key is deactivated after its owner had time to install "
    "the new one, if nothing uses it any more, and deleted after another period. What must be remembered stands in "
    "tags of the user's secret. Run it once a day.";

struct Entry {
  std::string_view name;
  std::string_view text;
};

constexpr std::array environment{
    Entry{"REKEYER_CONFIG", "The configuration file, where --config does not name one."},
    Entry{"AWS_PROFILE, AWS_REGION, AWS_ACCESS_KEY_ID, AWS_ENDPOINT_URL, …",
          "Mean what they mean to the AWS CLI; so do its files config and credentials."},
    Entry{"REKEYER_ALLOW_PLAIN_HTTP",
          "With true, endpoint URLs may be http:// beyond this machine: whoever is in between reads the secrets."},
    Entry{"AWS_CA_BUNDLE, SSL_CERT_FILE", "The CA certificates to trust instead of the system's."},
    Entry{"HTTPS_PROXY, HTTP_PROXY, NO_PROXY", "Proxies, and the hosts that are spoken to directly."},
    Entry{"NO_COLOR, TERM", "Whether a terminal gets colours."},
};

constexpr std::array files{
    Entry{"./rekeyer.toml, ~/.config/rekeyer/rekeyer.toml, /etc/rekeyer/rekeyer.toml",
          "The configuration: the first that exists, where none is named. Without any the defaults hold."},
};

/// As it stands after "rekeyer - ": no capital, no full stop.
std::string headline(std::string text) {
  if (text.ends_with('.')) text.pop_back();
  if (!text.empty()) text[0] = lower(text[0]);
  return text;
}

std::string sentence(std::string_view text) {
  std::string result(text);
  if (!result.empty() && result.back() != '.' && result.back() != '?') result += '.';
  return result;
}

std::string tag_of(const FlagText& flag) {
  if (flag.argument()) return roff::italic(flag.value);
  std::string tag;
  for (const auto& name : flag.names) tag += (tag.empty() ? "" : ", ") + roff::bold(name);
  return flag.takes_value() ? tag + " " + roff::italic(flag.value) : tag;
}

void write_flag(roff::Page& page, const FlagText& flag) {
  auto text = sentence(flag.text);
  std::string choices;
  for (const auto& choice : flag.choices) choices += (choices.empty() ? "" : " | ") + choice;
  if (!choices.empty() && flag.text.find(choices) == std::string::npos) text += fmt::format(" One of: {}.", choices);
  if (!flag.standard.empty()) text += fmt::format(" Default: {}.", flag.standard);
  if (flag.required) text += " Required.";
  page.item(tag_of(flag), text);
}

void write_command(roff::Page& page, const CommandText& root, const CommandText& command) {
  page.subsection(fmt::format("{} {}", root.name, command.path));
  page.text(sentence(command.text));
  for (const auto* flag : own_flags(root, command)) write_flag(page, *flag);
}

template <class Entries>
void write_entries(roff::Page& page, std::string_view title, const Entries& entries) {
  page.section(title);
  for (const auto& entry : entries) page.item(roff::bold(entry.name), entry.text);
}

}  // namespace

std::span<const ManualExample> manual_examples() { return examples; }

std::string manual_page(const CommandText& root) {
  roff::Page page(root.name, fmt::format("{} {}", root.name, engine::version));
  page.section("NAME");
  page.text(fmt::format("{} - {}", root.name, headline(root.text)));
  page.section("SYNOPSIS");
  page.raw(fmt::format("{} {} [{}]...", roff::bold(root.name), roff::italic("command"), roff::italic("option")));
  page.section("DESCRIPTION");
  page.text(root.text);
  page.text(description);
  page.section("COMMANDS");
  for (const auto* command : with_all_below(root)) {
    if (command->commands.empty()) write_command(page, root, *command);
  }
  page.section("GLOBAL OPTIONS");
  page.text("These may stand after every command.");
  for (const auto& flag : root.flags) write_flag(page, flag);
  page.section("EXIT STATUS");
  page.text(root.footer);
  write_entries(page, "ENVIRONMENT", environment);
  write_entries(page, "FILES", files);
  page.section("EXAMPLES");
  for (const auto& example : examples) {
    page.item(roff::bold(fmt::format("{} {}", root.name, example.arguments)), example.text);
  }
  return page.take();
}

}  // namespace rekeyer::cli
