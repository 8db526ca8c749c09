#include "notify/channels/webhook_channel.hpp"

#include <fmt/format.h>

#include <chrono>
#include <utility>

#include "aws/call/backoff.hpp"
#include "aws/call/masked.hpp"
#include "base/shown_text.hpp"
#include "base/text.hpp"
#include "base/try.hpp"
#include "notify/channels/event_json.hpp"
#include "notify/channels/webhook_answer.hpp"
#include "notify/channels/webhook_bodies.hpp"
#include "notify/channels/webhook_signature.hpp"

namespace rekeyer::notify {
namespace {

constexpr int most_attempts = 3;
constexpr std::size_t quoted_reply = 200;
constexpr std::size_t longest_reply = std::size_t{64} * 1024;
constexpr Milliseconds timeout = std::chrono::seconds{20};

bool is_loopback(const std::string& host) { return host == "localhost" || host == "127.0.0.1" || host == "::1"; }

/// The beginning of what the server said. Masked before it is cut, so that no half of a secret remains.
std::string quoted(const WipedString& body, std::span<const Secret> secrets) {
  const auto beginning = trimmed(std::string_view(body).substr(0, 20 * quoted_reply));
  return shown_text(aws::masked(beginning, secrets), Unshown::dropped, quoted_reply);
}

}  // namespace

WebhookChannel::WebhookChannel(WebhookParts parts, ChannelSettings settings)
    : settings_(std::move(settings)),
      url_parameter_(parts.parameters, settings_.url_parameter),
      key_(parts.parameters, settings_.hmac_parameter),
      transport_(parts.transport),
      clock_(parts.clock),
      random_(parts.random),
      limiter_(parts.limiter),
      pace_group_(fmt::format("channel:{}", settings_.name)) {
  limiter_.set_rate(pace_group_, {settings_.rate, 1});
}

ResultTask<aws::Url> WebhookChannel::url() {
  std::string text = settings_.url;
  if (url_parameter_.wanted()) {
    const auto secret = co_await url_parameter_.get();
    if (!secret) co_return fail(secret.error());
    text = trimmed((*secret)->reveal());
  }
  const auto url = aws::parse_url(text);
  wipe(text.data(), text.size());
  // The parser's own words may repeat pieces of it.
  if (!url) co_return fail(ErrorKind::usage, "the webhook's URL is not one that can be used");
  if (url->scheme != "https" && !is_loopback(url->host)) {
    co_return fail(ErrorKind::usage, "the webhook's URL must begin with https://");
  }
  co_return *url;
}

ResultTask<> WebhookChannel::try_parameters() {
  const auto url = co_await this->url();
  if (!url) co_return fail(url.error());
  if (key_.wanted()) {
    const auto key = co_await key_.get();
    if (!key) co_return fail(key.error());
  }
  co_return Result<>{};
}

ResultTask<> WebhookChannel::publish(std::vector<Event> events) {
  if (events.empty()) co_return Result<>{};
  auto url = co_await this->url();
  if (!url) co_return fail(std::move(url).error());
  const auto target = std::make_shared<const aws::Url>(*std::move(url));
  Result<> outcome;
  for (auto& body : webhook_bodies(settings_.body, events)) {
    auto sent = co_await post(target, std::make_shared<const std::string>(std::move(body)));
    if (!sent && outcome) outcome = std::move(sent);
  }
  co_return outcome;
}

ResultTask<> WebhookChannel::post(std::shared_ptr<const aws::Url> url, std::shared_ptr<const std::string> body) {
  for (int attempt = 1;; ++attempt) {
    co_await limiter_.turn(AccountId(), pace_group_);
    auto answer = co_await post_once(url, body);
    if (!answer) co_return fail(std::move(answer).error());
    const bool throttled = !answer->outcome && answer->outcome.error().kind == ErrorKind::throttled;
    if (throttled) limiter_.throttled(AccountId(), pace_group_);
    if (answer->outcome) limiter_.succeeded(AccountId(), pace_group_);
    if (!answer->again || attempt == most_attempts) co_return std::move(answer->outcome);
    co_await clock_.sleep_for(aws::retry_delay(attempt - 1, throttled, answer->headers, random_));
  }
}

ResultTask<WebhookChannel::Answer> WebhookChannel::post_once(std::shared_ptr<const aws::Url> url,
                                                             std::shared_ptr<const std::string> body) {
  aws::HttpRequest request;
  request.method = "POST";
  request.url = *url;
  request.headers.add("Content-Type", "application/json; charset=utf-8");
  request.headers.add("User-Agent", "rekeyer");
  request.body.assign(body->begin(), body->end());
  request.timeout = timeout;
  request.body_limit = longest_reply;
  std::vector<Secret> secrets;
  secrets.emplace_back(url->target());
  if (key_.wanted()) {
    const auto key = co_await key_.get();
    if (!key) co_return fail(key.error());
    // Signed anew at each attempt: receivers refuse what is old.
    const auto now = std::chrono::floor<std::chrono::seconds>(clock_.now()).time_since_epoch().count();
    request.headers.add("X-Rekeyer-Timestamp", std::to_string(now));
    const auto signature = webhook_signature((*key)->reveal(), now, *body);
    request.headers.add("X-Rekeyer-Signature", signature);
    secrets.emplace_back(signature);
    secrets.emplace_back((*key)->reveal());
  }
  auto reply = co_await transport_.send(std::move(request));
  co_return judge(*url, std::move(reply), secrets);
}

WebhookChannel::Answer WebhookChannel::judge(const aws::Url& url, Result<aws::HttpResponse> reply,
                                             std::span<const Secret> secrets) const {
  Answer answer;
  const auto failed = [&](ErrorKind kind, const std::string& message) {
    answer.outcome = fail(kind, aws::masked(message, secrets));
  };
  if (!reply) {
    failed(reply.error().kind, reply.error().message);
    answer.again = reply.error().kind == ErrorKind::not_sent;
    return answer;
  }
  answer.headers = reply->headers;
  const int status = reply->status;
  const auto said = quoted(reply->body, secrets);
  const auto message = [&](std::string_view what) {
    return fmt::format("{} answered {}{}{}{}{}", url.host_header(), status, what.empty() ? "" : " ", what,
                       said.empty() ? "" : ": ", said);
  };
  if (status / 100 == 2) {
    const auto refusal =
        refusal_in(settings_.body, reply->headers.find("Content-Type").value_or(std::string_view()), reply->body);
    if (!refusal) return answer;
    failed(refusal->kind, message(refusal->what));
  } else if (status == 429) {
    failed(ErrorKind::throttled, message(""));
  } else if (status >= 500) {
    failed(ErrorKind::server_fault, message(""));
  } else {
    failed(ErrorKind::rejected, message(status / 100 == 3 ? "and sends on to another address" : ""));
  }
  const auto kind = answer.outcome.error().kind;
  answer.again = kind == ErrorKind::throttled || kind == ErrorKind::server_fault;
  return answer;
}

}  // namespace rekeyer::notify
