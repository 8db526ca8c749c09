// What the services answer, as their documents and their users' reports have it.
#include "notify/channels/webhook_answer.hpp"

#include <gtest/gtest.h>

namespace rekeyer::notify {
namespace {

constexpr std::string_view text_type = "text/plain; charset=utf-8";
constexpr std::string_view html_type = "text/html; charset=utf-8";
constexpr std::string_view json_type = "application/json";

std::string verdict(WebhookBody service, std::string_view type, std::string_view body) {
  const auto refusal = refusal_in(service, type, body);
  return refusal ? std::string(name(refusal->kind)) : "delivered";
}

TEST(WebhookAnswer, TeamsTellsFailuresInTheBody) {
  const auto told = [](std::string_view error) {
    return verdict(WebhookBody::teams, text_type,
                   std::string("Webhook message delivery failed with error: ") + std::string(error));
  };
  EXPECT_EQ(told("Microsoft Teams endpoint returned HTTP error 429 with ContextId tcid=0,server=DB3PEPF0"),
            "throttled");
  EXPECT_EQ(told("Microsoft Teams endpoint returned HTTP error 413 with ContextId tcid=0"), "rejected");
  EXPECT_EQ(told("Microsoft Teams endpoint returned HTTP error 403 with ContextId tcid=429a"), "rejected");
  EXPECT_EQ(told("Microsoft Teams endpoint returned HTTP error 502"), "server_fault");
  EXPECT_EQ(told("something new"), "rejected");
  EXPECT_EQ(verdict(WebhookBody::teams, text_type, "Summary or text is required."), "rejected");
  EXPECT_EQ(verdict(WebhookBody::teams, json_type, R"({"error":{"code":"WorkflowTriggerIsNotEnabled"}})"), "rejected");
  EXPECT_EQ(verdict(WebhookBody::teams, json_type, R"({"statusCode":429})"), "throttled");
}

TEST(WebhookAnswer, TeamsTookItWhereItAnswersOneOrNothing) {
  for (const std::string_view body : {"1", "", " 1\r\n",
                                      "\xEF\xBB\xBF"
                                      "1",
                                      "\"1\"", "{}", R"({"posted":"yes","error":null})"}) {
    EXPECT_EQ(verdict(WebhookBody::teams, text_type, body), "delivered") << body;
  }
}

TEST(WebhookAnswer, SlackTookItWhereItAnswersOk) {
  for (const std::string_view body : {"ok", "ok\n", "", R"({"ok":true})", R"({"success":true})"}) {
    EXPECT_EQ(verdict(WebhookBody::slack, html_type, body), "delivered") << body;
  }
  for (const std::string_view body :
       {"no_service", "invalid_payload", "channel_is_archived", "okay?", "{}", "1", R"({"ok":false,"error":"no_team"})",
        R"({"ok":true,"error":"posting_to_general_channel_denied"})", R"({"message":"who are you?"})"}) {
    EXPECT_EQ(verdict(WebhookBody::slack, text_type, body), "rejected") << body;
  }
  EXPECT_EQ(verdict(WebhookBody::slack, json_type, R"({"ok":false,"error":"ratelimited"})"), "throttled");
  EXPECT_EQ(verdict(WebhookBody::slack, text_type, "internal_error"), "server_fault");
}

TEST(WebhookAnswer, AWebPageIsNobodysAnswer) {
  for (const auto service : {WebhookBody::slack, WebhookBody::teams, WebhookBody::json}) {
    for (const auto type : {html_type, text_type, std::string_view()}) {
      EXPECT_EQ(verdict(service, type, "<!DOCTYPE html><html><title>Sign in</title></html>"), "rejected");
      EXPECT_EQ(verdict(service, type, "\xEF\xBB\xBF\r\n  <HTML>"), "rejected");
      EXPECT_EQ(verdict(service, type, "<!-- 429 --><p>ok"), "rejected");
    }
    EXPECT_EQ(verdict(service, "Text/HTML", "Please sign in"), "rejected");
    EXPECT_EQ(verdict(service, "application/xhtml+xml", "1 <html/>"), "rejected");
    EXPECT_EQ(verdict(service, "application/xml", "<?xml version=\"1.0\"?><!DOCTYPE html><html/>"), "rejected");
  }
}

TEST(WebhookAnswer, AServiceOfOnesOwnMayAnswerWhateverItLikes) {
  for (const std::string_view body : {"", "ok", "queued", "error 500", "{}", "[]", "null", "{\"received\": 1}\n",
                                      R"({"message": "queued", "code": 0})", R"({"errcode": 0, "errmsg": "ok"})",
                                      R"({"status": "error-free", "error": null})"}) {
    EXPECT_EQ(verdict(WebhookBody::json, html_type, body.contains(' ') && !body.starts_with('{') ? "" : body),
              "delivered");
    EXPECT_EQ(verdict(WebhookBody::json, text_type, body), "delivered") << body;
  }
  EXPECT_EQ(verdict(WebhookBody::json, "text/xml", "<?xml version=\"1.0\"?><received/>"), "delivered");
}

TEST(WebhookAnswer, WhateverServiceSaysInSoManyWordsThatItFailedHasFailed) {
  for (const auto service : {WebhookBody::slack, WebhookBody::teams, WebhookBody::json}) {
    for (const std::string_view body :
         {R"({"ok": false})", R"({"success": false, "message": "x"})", R"({"error": "no such hook"})",
          R"({"errors": [{"message": "x"}]})", R"({"status": "error"})",
          R"({"errorMessage": "x", "errorType": "KeyError"})", R"({"errcode": 40001, "errmsg": "invalid credential"})",
          R"({"code": "BadRequest", "message": "x"})", R"({"code": "404"})", R"({"code": 19001, "msg": "x"})"}) {
      EXPECT_EQ(verdict(service, json_type, body), "rejected") << body;
    }
    EXPECT_EQ(verdict(service, json_type, R"({"statusCode": 500, "body": "x"})"), "server_fault");
    EXPECT_EQ(verdict(service, json_type, R"({"errorMessage": "Task timed out", "code": "ThrottlingException"})"),
              "throttled");
  }
}

}  // namespace
}  // namespace rekeyer::notify
