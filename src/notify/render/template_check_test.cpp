#include "notify/render/template_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "notify/render/embedded_texts.hpp"

namespace rekeyer::notify {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> problems(std::string_view file, std::string_view text) {
  return template_problems(*find_template_file(file), file, text);
}

TEST(TemplateCheck, TakesEveryBuiltInTemplateAndKnowsNoOther) {
  for (const EmbeddedText& text : embedded_texts()) {
    const TemplateFile* file = find_template_file(text.name);
    ASSERT_NE(file, nullptr) << text.name;
    EXPECT_THAT(template_problems(*file, text.name, text.text), IsEmpty()) << text.name;
  }
  EXPECT_EQ(embedded_texts().size(), template_files().size());
}

TEST(TemplateCheck, AsksForTheNameThatWasMeant) {
  EXPECT_THAT(problems("rotated.txt", "Hello\n{{ usr }}\n"),
              ElementsAre("rotated.txt:2: unknown placeholder {{usr}}; did you mean user?"));
  EXPECT_THAT(problems("rotated.txt", "{{#deu}}x{{/deu}}"), ElementsAre(HasSubstr("did you mean due?")));
  EXPECT_THAT(problems("rotated.txt", "{{> new_key}}"),
              ElementsAre("rotated.txt:1: unknown part {{> new_key}}; did you mean new-key?"));
  EXPECT_THAT(problems("rotated.txt", "{{ user | upper }}"), ElementsAre(HasSubstr("unknown placeholder")));
  EXPECT_THAT(problems("rotated.txt", "{{.}}{{user.name}}{{}}").size(), 3U);
}

TEST(TemplateCheck, FindsUnbalancedSectionsWithTheirLines) {
  EXPECT_THAT(problems("rotated.txt", "{{#due}}\nby {{due}}\n"),
              ElementsAre("rotated.txt:1: {{#due}} is not closed: {{/due}} is missing"));
  EXPECT_THAT(problems("rotated.txt", "x\n{{/due}}"),
              ElementsAre("rotated.txt:2: {{/due}} closes what was never opened"));
  EXPECT_THAT(problems("rotated.txt", "{{#due}}\n{{#used}}{{/due}}"),
              ElementsAre("rotated.txt:2: {{/due}} where {{/used}} must be (opened in line 2)"));
  EXPECT_THAT(problems("rotated.txt", "{{#due}}{{/user}}{{/due}}").size(), 1U);
  EXPECT_THAT(problems("rotated.txt", "by {{due"), ElementsAre("rotated.txt:1: a {{ that is not closed by }}"));
  EXPECT_THAT(problems("rotated.txt", "{{"), ElementsAre(HasSubstr("not closed")));
}

TEST(TemplateCheck, UnescapedTextIsOnlyWhatRekeyerRendered) {
  EXPECT_THAT(problems("rotated.html", "{{{user}}}"),
              ElementsAre("rotated.html:1: user would be inserted unescaped; write {{user}}"));
  EXPECT_THAT(problems("rotated.html", "{{& user}}").size(), 1U);
  EXPECT_THAT(problems("account.html", "{{{actions}}}{{&actions}}{{ actions }}"), IsEmpty());
}

TEST(TemplateCheck, NamesOfAListsItemsCountInsideTheListOnly) {
  EXPECT_THAT(problems("account.html", "{{#lines}}{{user}}{{/lines}}"), IsEmpty());
  EXPECT_THAT(problems("account.html", "{{user}}").size(), 1U);
  EXPECT_THAT(problems("account.html", "{{^lines}}{{user}}{{/lines}}").size(), 1U);
  EXPECT_THAT(problems("account.html", "{{#lines}}{{> action-line}}{{/lines}}"), IsEmpty());
  EXPECT_THAT(problems("account.html", "{{> action-line}}").size(), 1U);
  EXPECT_THAT(problems("account.html", "{{lines}}"), ElementsAre(HasSubstr("is no text; write {{#lines}}")));
}

TEST(TemplateCheck, OtherLanguagesAndOtherSignsAreRefused) {
  EXPECT_THAT(problems("account.html", "{% for action in actions %}{% endfor %}"),
              ElementsAre(HasSubstr("another template language")));
  EXPECT_THAT(problems("account.html", "{{=<% %>=}}"), ElementsAre(HasSubstr("can't be changed")));
  EXPECT_THAT(problems("account.html", "{{! a note }}"), IsEmpty());
}

TEST(TemplateCheck, PartsIncludeNoParts) {
  EXPECT_THAT(problems("new-key.txt", "{{> new-key}}").size(), 1U);
  EXPECT_THAT(problems("owner.subject.txt", "{{> page-foot}}").size(), 1U);
}

TEST(PlaceholderSet, NoPlaceholderCanBeTakenForAPart) {
  // The engine looks for parts among the values too: a user's name must never be found there.
  for (const PlaceholderSet& words : placeholder_sets()) {
    for (const Placeholder& placeholder : words.placeholders) {
      EXPECT_EQ(placeholder.name.find('-'), std::string_view::npos) << placeholder.name;
    }
  }
  for (const TemplateFile& file : template_files()) {
    if (file.part) {
      EXPECT_NE(part_name(file.name).find('-'), std::string_view::npos) << file.name;
    }
  }
}

}  // namespace
}  // namespace rekeyer::notify
