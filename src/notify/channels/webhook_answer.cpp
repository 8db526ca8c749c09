#include "notify/channels/webhook_answer.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "aws/http/json.hpp"
#include "base/text.hpp"

namespace rekeyer::notify {
namespace {

constexpr std::string_view not_delivered = "but delivered nothing";
constexpr std::string_view a_page =
    "with a web page, which no webhook does: a login, a proxy or another site answers there";

template <std::size_t count>
bool is_one_of(std::string_view text, const std::array<std::string_view, count>& words) {
  return std::ranges::find(words, text) != words.end();
}

/// Without the mark that some services put in front of UTF-8.
std::string_view content(std::string_view body) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (body.starts_with(byte_order_mark)) body.remove_prefix(byte_order_mark.size());
  return trimmed(body);
}

/// Many servers call everything HTML, the "ok" of Slack too; so the type counts only for what looks like a page's text.
bool is_page(std::string_view content_type, std::string_view body) {
  if (body.empty()) return false;
  const auto type = lower_case(trimmed(content_type.substr(0, content_type.find(';'))));
  const bool xml = type == "text/xml" || type == "application/xml";
  if (body.front() == '<') {
    const auto beginning = lower_case(body.substr(0, 2000));
    return !xml || beginning.contains("<html") || beginning.contains("<!doctype html");
  }
  if (type != "text/html" && type != "application/xhtml+xml") return false;
  return body.contains('<') ||
         (body.find_first_of(" \t\r\n") != std::string_view::npos && !aws::JsonValue::parse(body));
}

/// The first number from 400 to 599 that stands by itself: "returned HTTP error 429 with …".
int status_in(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!is_alnum(text[at])) continue;
    auto end = at;
    while (end < text.size() && is_alnum(text[end])) ++end;
    const auto word = text.substr(at, end - at);
    if (word.size() == 3 && std::ranges::all_of(word, is_digit) && (word[0] == '4' || word[0] == '5')) {
      return (word[0] - '0') * 100 + (word[1] - '0') * 10 + (word[2] - '0');
    }
    at = end;
  }
  return 0;
}

WebhookRefusal refusal_said(std::string_view body) {
  static constexpr std::array<std::string_view, 5> busy{"rate_limit", "ratelimit", "rate limit", "too many requests",
                                                        "throttl"};
  static constexpr std::array<std::string_view, 4> broken{"internal_error", "fatal_error", "service_unavailable",
                                                          "request_timeout"};
  const auto text = lower_case(body.substr(0, 2000));
  const auto said = [&](std::string_view word) { return text.contains(word); };
  const int status = status_in(text);
  if (status == 429 || std::ranges::any_of(busy, said)) return {ErrorKind::throttled, not_delivered};
  if (status >= 500 || std::ranges::any_of(broken, said)) return {ErrorKind::server_fault, not_delivered};
  return {ErrorKind::rejected, not_delivered};
}

bool is_true(const aws::JsonValue& answer, std::string_view name) {
  return answer.optional_boolean(name).value_or(std::nullopt).value_or(false);
}

bool is_false(const aws::JsonValue& answer, std::string_view name) {
  return !answer.optional_boolean(name).value_or(std::nullopt).value_or(true);
}

/// Whether a member of that name says something: not absent, null, false or empty.
bool says(const aws::JsonValue& answer, std::string_view name) {
  if (const auto text = answer.optional_string(name)) return *text && !(*text)->empty();
  if (const auto flag = answer.optional_boolean(name)) return flag->value_or(false);
  if (const auto list = answer.optional_array(name)) return !list->empty();
  if (const auto number = answer.optional_number(name)) return number->value_or(0) != 0;
  const auto object = answer.optional_object(name);
  return object && *object && !(*object)->members().empty();
}

/// "BadRequest", as Microsoft's and Amazon's services have it beside a number that is no failure.
bool is_failing_code(const aws::JsonValue& answer) {
  static constexpr std::array<std::string_view, 5> good{"0", "ok", "success", "accepted", "created"};
  const auto code = answer.optional_string("code");
  if (!code || !*code || (*code)->empty()) return false;
  const bool all_digits = std::ranges::all_of(**code, is_digit);
  return all_digits ? (**code).front() >= '4' : !is_one_of(lower_case(**code), good);
}

bool tells_a_failure(const aws::JsonValue& answer) {
  // Lambda behind an API answers 200 with errorMessage; chat services of China with errcode.
  static constexpr std::array<std::string_view, 6> failures{"error",   "errors",       "fault",
                                                            "failure", "errorMessage", "errcode"};
  static constexpr std::array<std::string_view, 4> failed{"error", "fail", "failed", "failure"};
  static constexpr std::array<std::string_view, 4> numbers{"status", "statusCode", "status_code", "code"};
  if (is_false(answer, "ok") || is_false(answer, "success") || is_failing_code(answer)) return true;
  if (std::ranges::any_of(failures, [&](std::string_view name) { return says(answer, name); })) return true;
  const auto status = answer.optional_string("status");
  if (status && *status && is_one_of(lower_case(**status), failed)) return true;
  return std::ranges::any_of(numbers, [&](std::string_view name) {
    const auto number = answer.optional_integer(name);
    return number && number->value_or(0) >= 400;
  });
}

bool slack_took_it(std::string_view body) {
  if (body.empty() || equal_ignoring_case(body, "ok")) return true;
  const auto answer = aws::JsonValue::parse(body);
  if (!answer || !answer->is_object() || tells_a_failure(*answer)) return false;
  return is_true(*answer, "ok") || is_true(*answer, "success");
}

bool teams_took_it(std::string_view body) {
  static constexpr std::array<std::string_view, 6> yes{"", "1", "ok", "true", "accepted", "success"};
  if (is_one_of(lower_case(trimmed(body, "\"")), yes)) return true;
  const auto answer = aws::JsonValue::parse(body);
  return answer && answer->is_object() && !tells_a_failure(*answer) && !body.contains("delivery failed");
}

/// It may answer what it likes, but what says in so many words that it failed has failed.
bool own_service_took_it(std::string_view body) {
  const auto answer = aws::JsonValue::parse(body);
  return !answer || !answer->is_object() || !tells_a_failure(*answer);
}

bool took_it(WebhookBody service, std::string_view body) {
  switch (service) {
    case WebhookBody::slack: return slack_took_it(body);
    case WebhookBody::teams: return teams_took_it(body);
    case WebhookBody::json: return own_service_took_it(body);
  }
  return false;
}

}  // namespace

std::optional<WebhookRefusal> refusal_in(WebhookBody service, std::string_view content_type, std::string_view body) {
  const auto text = content(body);
  if (is_page(content_type, text)) return WebhookRefusal{ErrorKind::rejected, a_page};
  if (!took_it(service, text)) return refusal_said(text);
  return std::nullopt;
}

}  // namespace rekeyer::notify
