// Log lines: text for people, JSON for machines, one line each whatever is in them, and silence below the level.
#include "base/log.hpp"

#include <gtest/gtest.h>

namespace rekeyer::log {
namespace {

constexpr Instant now = std::chrono::sys_days{std::chrono::year{2026} / 11 / 22} + std::chrono::hours{6};

/// Captures what is logged, and leaves logging as it was.
class Logging : public testing::Test {
 protected:
  ~Logging() override { configure({}); }

  void capture(Level level, Format format = Format::text) {
    Settings settings;
    settings.level = level;
    settings.format = format;
    settings.now = [] { return now; };
    settings.sink = [this](std::string_view line) { lines.emplace_back(line); };
    configure(std::move(settings));
  }

  std::vector<std::string> lines;
};

std::string log_text(std::string_view message, Fields fields) {
  return render(Format::text, false, "", Level::info, message, fields);
}

TEST(LogText, IsDateLevelMessageAndFields) {
  EXPECT_EQ(render(Format::text, false, "2026-11-22T06:00:00Z", Level::warn, "account denied",
                   {{"account", "111111111111"}, {"calls", "3"}}),
            "2026-11-22T06:00:00Z warn  account denied account=111111111111 calls=3");
  EXPECT_EQ(render(Format::text, false, "", Level::error, "out of luck", {}), "error out of luck");
}

TEST(LogText, QuotesValuesThatWouldNotBeOneWord) {
  EXPECT_EQ(log_text("m", {{"a", "two words"}}), R"(info  m a="two words")");
  EXPECT_EQ(log_text("m", {{"a", ""}}), R"(info  m a="")");
  EXPECT_EQ(log_text("m", {{"a", "b=c"}}), R"(info  m a="b=c")");
  EXPECT_EQ(log_text("m", {{"a", R"(say "hi")"}}), R"(info  m a="say \"hi\"")");
  EXPECT_EQ(log_text("m", {{"a", "arn:aws:iam::1:user/ann"}}), "info  m a=arn:aws:iam::1:user/ann");
}

TEST(LogText, ShowsControlCharactersInsteadOfSendingThem) {
  EXPECT_EQ(log_text("red \x1b[31m\nnext", {}), R"(info  red \x1b[31m\x0anext)");
  EXPECT_EQ(log_text("m", {{"a", "x\x1b[2J\x7f\r"}}), R"(info  m a=x\x1b[2J\x7f\x0d)");
  EXPECT_EQ(log_text("m", {{"a", "two\nlines of it"}}), R"(info  m a="two\nlines of it")");
  EXPECT_EQ(log_text("\xc2\x9b"
                     "31m",
                     {{"a", "\xc2\x9b"}, {"b", "\xc2\x9b 1"}}),
            R"(info  \x9b31m a=\x9b b="\u009b 1")");
  EXPECT_EQ(log_text("caf\xc3\xa9", {{"a", "\xc3\xa9"}}), "info  caf\xc3\xa9 a=\xc3\xa9");
}

TEST(LogText, IsColouredByLevelWhereAskedTo) {
  EXPECT_EQ(render(Format::text, true, "", Level::error, "m", {}), "\x1b[31merror\x1b[0m m");
  EXPECT_EQ(render(Format::text, true, "", Level::warn, "m", {}), "\x1b[33mwarn \x1b[0m m");
  EXPECT_EQ(render(Format::text, true, "", Level::debug, "m", {}), "\x1b[2mdebug\x1b[0m m");
  EXPECT_EQ(render(Format::text, true, "", Level::info, "m", {}), "info  m");
}

TEST(LogJson, IsOneObjectALine) {
  EXPECT_EQ(
      render(Format::json, true, "2026-11-22T06:00:00Z", Level::info, "say \"hi\"\n", {{"user", "ann"}, {"e", ""}}),
      R"({"time":"2026-11-22T06:00:00Z","level":"info","message":"say \"hi\"\n","user":"ann","e":""})");
  EXPECT_EQ(render(Format::json, false, "", Level::debug, "\x1b\xff", {}),
            R"({"level":"debug","message":"\u001b\ufffd"})");
}

TEST_F(Logging, WritesWhatIsAsImportantAsTheLevel) {
  capture(Level::warn);
  debug("one");
  info("two");
  warn("three", {{"a", "b"}});
  error("four");
  EXPECT_EQ(lines,
            (std::vector<std::string>{"2026-11-22T06:00:00Z warn  three a=b", "2026-11-22T06:00:00Z error four"}));
  EXPECT_TRUE(enabled(Level::error));
  EXPECT_FALSE(enabled(Level::info));
}

TEST_F(Logging, OffIsSilent) {
  capture(Level::off);
  error("one");
  write(Level::off, "two", {});
  EXPECT_TRUE(lines.empty());
  EXPECT_FALSE(enabled(Level::error));
  EXPECT_FALSE(enabled(Level::off));
}

TEST_F(Logging, NothingIsLoggedAtTheLevelOff) {
  capture(Level::debug);
  write(Level::off, "one", {});
  EXPECT_TRUE(lines.empty());
  debug("two");
  EXPECT_EQ(lines.size(), 1);
}

TEST_F(Logging, JsonReachesTheSinkToo) {
  capture(Level::debug, Format::json);
  debug("one");
  EXPECT_EQ(lines, std::vector<std::string>{R"({"time":"2026-11-22T06:00:00Z","level":"debug","message":"one"})"});
}

TEST_F(Logging, GoesToStandardErrorWithoutASink) {
  configure({});
  testing::internal::CaptureStderr();
  info("one", {{"a", "b"}});
  debug("not this");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "info  one a=b\n");
}

TEST(LogLevels, AreReadByTheirNames) {
  for (const auto& [name, level] : std::map<std::string, Level>{{"debug", Level::debug},
                                                                {"info", Level::info},
                                                                {"warn", Level::warn},
                                                                {"error", Level::error},
                                                                {"off", Level::off}}) {
    auto read = level == Level::debug ? Level::off : Level::debug;
    EXPECT_TRUE(parse_level(name, read)) << name;
    EXPECT_EQ(read, level) << name;
  }
  auto untouched = Level::warn;
  for (const std::string_view text : {"", "Debug", "warning", "trace", "info "})
    EXPECT_FALSE(parse_level(text, untouched));
  EXPECT_EQ(untouched, Level::warn);
}

}  // namespace
}  // namespace rekeyer::log
