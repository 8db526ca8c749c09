// Events by POST to a chat room's or a company's own URL. Such a URL is a secret: who knows it may post.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "aws/call/rate_limiter.hpp"
#include "aws/http/transport.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "notify/channels/secret_parameter.hpp"
#include "notify/model/channel.hpp"
#include "notify/model/settings.hpp"

namespace rekeyer::notify {

struct WebhookParts {
  aws::SsmClient parameters;
  aws::Transport& transport;
  Clock& clock;
  Random& random;
  aws::RateLimiter& limiter;
};

class WebhookChannel final : public EventChannel {
 public:
  WebhookChannel(WebhookParts parts, ChannelSettings settings);
  const std::string& name() const override { return settings_.name; }
  /// Each request is tried three times at most, and only where the one before can't have been taken or was answered
  /// with 429 or 5xx, in its status or in the body of a 2xx. Fails with `rejected` for any other refusal and for a
  /// redirect. No error holds more of the URL than its host.
  ResultTask<> publish(std::vector<Event> events) override;
  /// Reads what its parameters hold, the URL and the signing key, and posts nothing.
  ResultTask<> try_parameters();

 private:
  struct Answer {
    Result<> outcome;
    bool again = false;
    aws::Headers headers;
  };
  ResultTask<aws::Url> url();
  ResultTask<> post(std::shared_ptr<const aws::Url> url, std::shared_ptr<const std::string> body);
  ResultTask<Answer> post_once(std::shared_ptr<const aws::Url> url, std::shared_ptr<const std::string> body);
  /// `secrets`: what was sent and may be in no error text.
  Answer judge(const aws::Url& url, Result<aws::HttpResponse> reply, std::span<const Secret> secrets) const;

  ChannelSettings settings_;
  SecretParameter url_parameter_;
  SecretParameter key_;
  aws::Transport& transport_;
  Clock& clock_;
  Random& random_;
  aws::RateLimiter& limiter_;
  std::string pace_group_;
};

}  // namespace rekeyer::notify
