// The JSON document: its exact text once, and that hostile texts read back as they were.
#include "aws/http/json.hpp"

#include <gtest/gtest.h>

#include "report/report.hpp"
#include "report/sample_report.hpp"

namespace rekeyer::report {
namespace {

TEST(JsonReport, HasTheseNamesInThisOrder) {
  auto report = report_of({action("ann", "AKIAANNEXAMPLE", Action::rotate, policy::Reason::rotation_due,
                                  ActionStatus::planned, "92 days old", run_start - std::chrono::days{2}),
                           action("dora", "", Action::exempt, policy::Reason::exempt, ActionStatus::held, "sealed")});
  amend(report, [](auto& account) { account.quiet = account.exempt = 1; });
  report.accounts.push_back(account("222222222222", "staging", AccountStatus::denied, "no role"));
  report.fits_nobody = {"rekeyer.toml:3: …"};
  report.calls = {{"iam:ListUsers", 30}, {"sts:AssumeRole", 1}};
  EXPECT_EQ(
      to_json(report),
      R"({"run":{"id":"8f31c0de12345678","started":"2026-11-22T06:00:00Z","finished":"2026-11-22T06:01:12Z",)"
      R"("mode":"plan","interrupted":false,"incomplete":"","failing_channels":[],"fits_nobody":["rekeyer.toml:3: …"]},)"
      R"("accounts":[{"id":"111111111111","name":"payments","status":"done","reason":"","users":3,"quiet":1,"exempt":1},)"
      R"({"id":"222222222222","name":"staging","status":"denied","reason":"no role","users":0,"quiet":0,"exempt":0}],)"
      R"("actions":[{"account":"111111111111","user":"ann","key":"AKIAANNEXAMPLE","action":"rotate",)"
      R"("reason":"rotation_due","due":"2026-11-20T06:00:00Z","status":"planned","detail":"92 days old"},)"
      R"({"account":"111111111111","user":"dora","key":"","action":"exempt","reason":"exempt","due":null,)"
      R"("status":"held","detail":"sealed"}],)"
      R"("totals":{"accounts":{"done":1,"denied":1,"skipped":0,"failed":0},"users":3,"quiet":1,"exempt":1,)"
      R"("actions":{"exempt":{"held":1},"rotate":{"planned":1}},)"
      R"("rows":{"due":1,"done":0,"held":0,"failed":0,"upcoming":0,"unowned":0,"undeliverable":0,"root_key":0,)"
      R"("exempt":1,"quiet":0},"waiting":{"users":0,"runs":0,)"
      R"("a_day":0,"run_keeps_up":true,"accounts_behind":0},"calls":31}})"
      "\n");
}

TEST(JsonReport, OfNothingIsWhole) {
  auto report = empty_report(rotation::Mode::apply);
  report.interrupted = true;
  report.incomplete = "stopped";
  const auto json = aws::JsonValue::parse(to_json(report));
  ASSERT_TRUE(json);
  const auto run = json->object("run");
  ASSERT_TRUE(run);
  EXPECT_EQ(run->string("mode").value(), "apply");
  EXPECT_TRUE(run->boolean("interrupted").value());
  EXPECT_EQ(run->string("incomplete").value(), "stopped");
  EXPECT_TRUE(json->array("accounts").value().empty());
  EXPECT_TRUE(json->array("actions").value().empty());
}

TEST(JsonReport, KeepsEveryRowAndEveryAccount) {
  const auto report = sample_report();
  const auto json = aws::JsonValue::parse(to_json(report));
  ASSERT_TRUE(json);
  EXPECT_EQ(json->array("accounts").value().size(), 4);
  EXPECT_EQ(json->array("actions").value().size(), 7) << "exempt users too";
}

TEST(JsonReport, HostileTextsReadBackAsTheyWere) {
  const std::string evil = "a\"b\\c\n\x1b[2J\xc2\x9b\xe2\x80\xa8</script>\x7f";
  auto report = report_of({action(evil, evil, Action::hold, policy::Reason::still_in_use, ActionStatus::held, evil)});
  amend(report, [&](auto& account) { account.name = account.reason = evil; });
  report.incomplete = evil;
  const auto text = to_json(report);
  EXPECT_EQ(text.find_first_of("\x1b\x7f"), std::string::npos);
  EXPECT_EQ(text.find('\n'), text.size() - 1) << "one line";
  const auto json = aws::JsonValue::parse(text);
  ASSERT_TRUE(json);
  EXPECT_EQ(json->object("run").value().string("incomplete").value(), evil);
  const auto accounts = json->array("accounts").value();
  EXPECT_EQ(accounts.at(0).string("name").value(), evil);
  EXPECT_EQ(accounts.at(0).string("reason").value(), evil);
  const auto actions = json->array("actions").value();
  for (const auto* name : {"user", "key", "detail"}) EXPECT_EQ(actions.at(0).string(name).value(), evil);
}

TEST(JsonReport, BytesThatAreNotUtf8StillGiveADocument) {
  const auto report = report_of(
      {action("ann", "", Action::hold, rotation::RunReason::unreadable, ActionStatus::failed, "bad \xff\xc3 byte")});
  const auto json = aws::JsonValue::parse(to_json(report));
  ASSERT_TRUE(json);
  EXPECT_EQ(json->array("actions").value().at(0).string("detail").value(), "bad \xef\xbf\xbd\xef\xbf\xbd byte");
}

}  // namespace
}  // namespace rekeyer::report
