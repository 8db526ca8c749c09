// For tests of channels: a caller with scripted answers, and an event to tell of.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "aws/http/json.hpp"
#include "fakes/call_bench.hpp"
#include "notify/channels/channels.hpp"

namespace rekeyer::notify {

inline Event sample_event(int number = 1, policy::NoticeKind kind = policy::NoticeKind::rotated) {
  Event event;
  event.id = "event-" + std::to_string(number);
  event.kind = kind;
  event.severity = Severity::warning;
  event.account = AccountId("111111111111");
  event.account_name = "sandbox";
  event.user = UserName("ci-deploy");
  event.key = AccessKeyId("AKIAEXAMPLE" + std::to_string(number));
  event.due = std::chrono::sys_days{std::chrono::year{2026} / 3 / 11};
  event.headline = "Access key of ci-deploy was replaced";
  event.detail = "Fetch the new one.";
  event.owners = {"owner@example.com"};
  event.at = fakes::bench_start;
  event.run = RunId("0123456789abcdef");
  return event;
}

class ChannelTest : public testing::Test {
 protected:
  ChannelSettings& add(ChannelKind kind, std::string name) {
    auto& channel = settings_.channels.emplace_back();
    channel.kind = kind;
    channel.name = std::move(name);
    return channel;
  }
  ChannelSet make() {
    const ChannelParts parts{.caller = bench_.caller,
                             .principal = bench_.principal(),
                             .transport = bench_.transport,
                             .clock = bench_.shifted,
                             .random = bench_.random,
                             .limiter = bench_.limiter,
                             .executor = bench_.context.get_executor(),
                             .tls = {}};
    auto set = make_channels(settings_, parts);
    EXPECT_TRUE(set) << (set ? "" : describe(set.error()));
    return set ? *std::move(set) : ChannelSet{};
  }
  Result<> publish(std::vector<Event> events) {
    if (set_.events.empty() && set_.mails.empty()) set_ = make();
    return bench_.run(set_.events.front()->publish(std::move(events)));
  }
  Result<> send(Mail mail) {
    if (set_.events.empty() && set_.mails.empty()) set_ = make();
    return bench_.run(set_.mails.front()->send(std::move(mail)));
  }
  fakes::ScriptedTransport& transport() { return bench_.transport; }
  /// SSM's answer.
  void parameter(const std::string& value) {
    transport().reply(200, R"({"Parameter":{"Name":"p","Type":"SecureString","Value":")" + value + R"("}})");
  }
  static std::string outcome(const Result<>& result) {
    return result ? "done" : std::string(rekeyer::name(result.error().kind)) + ": " + describe(result.error());
  }

  fakes::CallBench bench_;
  Settings settings_{.from = "Robot <robot@example.com>",
                     .reply_to = {"help@example.com"},
                     .administrators = {},
                     .account_digest = false,
                     .weekly = {},
                     .templates = {},
                     .unreachable_after = std::chrono::days{14},
                     .help_url = {},
                     .channels = {},
                     .owner = {}};
  ChannelSet set_;
};

}  // namespace rekeyer::notify
