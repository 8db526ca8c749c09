// The manual page names every command and flag, its examples are lines that the parser takes, and no text is taken for
// a request of roff.
#include "cli/manual.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "cli/options.hpp"
#include "cli/roff.hpp"

namespace rekeyer::cli {
namespace {

using testing::HasSubstr;

/// A section of the page, without those after it.
std::string section(const std::string& page, const std::string& title) {
  const auto begin = page.find(title + "\n");
  if (begin == std::string::npos) return {};
  const auto end = page.find("\n.S", begin + title.size());
  return page.substr(begin, end - begin);
}

TEST(Manual, HasEveryCommandAndFlag) {
  const auto root = described_commands();
  const auto page = manual_page(root);
  const auto has = [](const std::string& text, const FlagText& flag) {
    for (const auto& name : flag.names) EXPECT_THAT(text, HasSubstr(roff::bold(name)));
    if (flag.argument()) EXPECT_THAT(text, HasSubstr(roff::italic(flag.value)));
    for (const auto& choice : flag.choices) EXPECT_THAT(text, HasSubstr(roff::escaped(choice)));
  };
  for (const auto* command : with_all_below(root)) {
    if (!command->commands.empty()) continue;
    const auto text = section(page, ".SS rekeyer " + command->path);
    ASSERT_NE(text, "") << command->path;
    EXPECT_THAT(text, HasSubstr(roff::escaped(command->text)));
    for (const auto* flag : own_flags(root, *command)) has(text, *flag);
  }
  for (const auto& flag : root.flags) has(section(page, ".SH GLOBAL OPTIONS"), flag);
}

TEST(Manual, TellsDefaultsAndWhatIsRequired) {
  const auto page = manual_page(described_commands());
  EXPECT_THAT(section(page, ".SS rekeyer sandbox serve"), HasSubstr("Default: 5000."));
  EXPECT_THAT(section(page, ".SS rekeyer rotate"), HasSubstr("The users\\(aq account. Required."));
  EXPECT_THAT(section(page, ".SH EXIT STATUS"), HasSubstr("3 with plan"));
}

TEST(Manual, ShowsExamplesThatTheParserTakes) {
  ASSERT_FALSE(manual_examples().empty());
  for (const auto& example : manual_examples()) {
    std::vector<std::string> words{"rekeyer"};
    std::istringstream text{std::string(example.arguments)};
    for (std::string word; text >> word;) words.push_back(word);
    std::vector<const char*> arguments;
    arguments.reserve(words.size());
    for (const auto& word : words) arguments.push_back(word.c_str());
    const auto parsed = parse_options(static_cast<int>(arguments.size()), arguments.data());
    EXPECT_TRUE(parsed.options) << example.arguments << ": " << parsed.err;
  }
}

TEST(Manual, IsPlainAscii) {
  const auto page = manual_page(described_commands());
  EXPECT_TRUE(std::ranges::all_of(page, [](unsigned char c) { return c < 0x80; }));
  EXPECT_THAT(page, HasSubstr("\\[u2026]")) << "the … of a flag's text";
}

TEST(Roff, TakesNoTextForARequest) {
  EXPECT_EQ(roff::escaped(".SH"), "\\&.SH");
  EXPECT_EQ(roff::escaped("a\n.b\n'c"), "a\n\\&.b\n\\(aqc");
  EXPECT_EQ(roff::escaped("a.b"), "a.b");
  EXPECT_EQ(roff::escaped("--yes \\n"), "\\-\\-yes \\en");
}

TEST(Roff, WritesUnicodeByItsNumbers) {
  EXPECT_EQ(roff::escaped("é…😀"), "\\[u00E9]\\[u2026]\\[u1F600]");
  EXPECT_EQ(roff::escaped("cut \xE2\x80"), "cut \\[uFFFD]\\[uFFFD]") << "a cut sequence does no harm";
}

}  // namespace
}  // namespace rekeyer::cli
