#include "probe/bench.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/try.hpp"

// NOLINTBEGIN(cppcoreguidelines-avoid-capturing-lambda-coroutines): it lives in the frame of the waiting that it is
// given to
namespace rekeyer::probe {
namespace {

using namespace std::chrono_literals;

constexpr Milliseconds key_spreads_within = 2min;
/// A thing that AWS said it has made may be missing in an answer for a while.
constexpr int looks_for_a_certain_thing = 10;

Fields tag_fields(std::string_view list, const aws::Tags& tags) {
  Fields fields;
  int number = 0;
  for (const auto& [key, value] : tags) {
    const auto entry = fmt::format("{}.member.{}.", list, ++number);
    fields.emplace_back(entry + "Key", key);
    fields.emplace_back(entry + "Value", value);
  }
  return fields;
}

}  // namespace

aws::Principal Bench::principal_of(aws::SharedCredentials credentials) const {
  auto principal = account_.principal;
  principal.credentials = std::make_shared<aws::StaticProvider>(std::move(credentials));
  return principal;
}

Client Bench::acting_with(aws::SharedCredentials credentials) const {
  return {account_.caller, principal_of(std::move(credentials))};
}

Thing Bench::thing(Kind kind, std::string name) const {
  return {kind, account_.id, account_.region(), account_.run, std::move(name)};
}

Result<> Bench::stopped() const {
  if (account_.stop.requested()) return fail(ErrorKind::cancelled, "stopped on request");
  return {};
}

Result<> Bench::about_to_make(const Thing& thing) {
  TRY_VOID(stopped());
  TRY_VOID(journal_.about_to_make(thing, account_.clock.now()));
  made_.push_back({thing, false});
  return {};
}

void Bench::made(const Thing& thing) {
  if (const auto entry = std::ranges::find(made_, thing, &Made::thing); entry != made_.end()) entry->certain = true;
}

Result<> Bench::gone(const Thing& thing) {
  std::erase_if(made_, [&](const Made& made) { return made.thing == thing; });
  return journal_.gone(thing);
}

Result<> Bench::answered(const Thing& thing, const Answer& answer) {
  if (answer.accepted()) {
    made(thing);
    return {};
  }
  return aws::ambiguous(answer.refusal->kind) ? Result<>{} : gone(thing);
}

std::unexpected<Error> Bench::refused(const Thing& thing, Error error) {
  // A name that is taken may be taken by an earlier attempt of the same call: its tag will tell.
  const bool was_not_made = !aws::ambiguous(error.kind) && error.kind != ErrorKind::already_exists;
  if (was_not_made) {
    if (const auto noted = gone(thing); !noted) return fail(noted.error());
  }
  return fail(std::move(error));
}

ResultTask<UserName> Bench::make_user(std::string suffix) {
  const auto user = thing(Kind::user, name_of(suffix));
  CO_TRY_VOID(about_to_make(user));
  Fields fields{{"UserName", user.name}, {"Path", std::string(user_path)}};
  for (auto& field : tag_fields("Tags", tags_of(account_.run))) fields.push_back(std::move(field));
  const auto answer = co_await caller().iam("CreateUser", std::move(fields), aws::Idempotent::no);
  if (answer.refusal) co_return refused(user, *answer.refusal);
  made(user);
  co_return UserName(user.name);
}

ResultTask<SecretName> Bench::make_secret(std::string suffix) {
  const auto secret = thing(Kind::secret, name_of(suffix));
  CO_TRY_VOID(about_to_make(secret));
  aws::CreateSecret request{.name = SecretName(secret.name),
                            .description = "made by rekeyer probe; may be deleted",
                            .kms_key_id = {},
                            .tags = tags_of(account_.run)};
  const auto done = co_await secrets().create_secret(std::move(request), aws::SignBefore::never());
  if (!done) co_return refused(secret, done.error());
  made(secret);
  co_return SecretName(secret.name);
}

ResultTask<Arn> Bench::make_topic(std::string suffix) {
  const auto topic = thing(Kind::topic, name_of(suffix));
  CO_TRY_VOID(about_to_make(topic));
  Fields fields{{"Name", topic.name}};
  for (auto& field : tag_fields("Tags", tags_of(account_.run))) fields.push_back(std::move(field));
  const auto answer =
      co_await caller().query(aws::services::sns, "CreateTopic", std::move(fields), aws::Idempotent::yes);
  if (answer.refusal) co_return refused(topic, *answer.refusal);
  made(topic);
  co_return topic_arn(account_.partition, topic);
}

ResultTask<aws::SharedCredentials> Bench::make_key(UserName user) {
  CO_TRY_VOID(stopped());
  const auto issued = co_await iam().create_access_key(std::move(user), aws::SignBefore::never());
  if (!issued) co_return fail(issued.error());
  co_return issued->credentials;
}

ResultTask<aws::SharedCredentials> Bench::make_working_key(UserName user) {
  CO_TRY(auto credentials, co_await make_key(std::move(user)));
  int in_a_row = 0;
  const auto waited = co_await wait_until(key_spreads_within, [&]() -> ResultTask<bool> {
    const auto identity = co_await sts().identity_of(credentials);
    if (!identity && identity.error().kind != ErrorKind::credentials_invalid) co_return fail(identity.error());
    in_a_row = identity ? in_a_row + 1 : 0;
    co_return in_a_row >= 2;
  });
  if (!waited) co_return fail(waited.error());
  if (!*waited) co_return fail(ErrorKind::credentials_invalid, "a new key is still refused after two minutes");
  co_return credentials;
}

ResultTask<Client> Bench::stranger() {
  if (!stranger_) {
    auto user = co_await make_user("stranger");
    if (user) stranger_thing_ = thing(Kind::user, user->str());
    Result<aws::SharedCredentials> key = fail(ErrorKind::rejected, "");
    if (user) {
      key = co_await make_working_key(*user);
    } else {
      key = fail(user.error());
    }
    stranger_ = std::move(key);
  }
  if (!*stranger_) co_return fail(stranger_->error());
  co_return acting_with(**stranger_);
}

std::string Bench::own_secrets() const {
  return fmt::format("arn:{}:secretsmanager:{}:{}:secret:{}*", account_.partition, account_.region(), account_.id,
                     name_of(""));
}

ResultTask<> Bench::allow(UserName user, std::string_view actions_as_json, std::string resource) {
  CO_TRY_VOID(stopped());
  auto document =
      fmt::format(R"({{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":{},"Resource":"{}"}}]}})",
                  actions_as_json, resource);
  co_return co_await iam().put_user_policy(std::move(user), "probe", std::move(document), aws::SignBefore::never());
}

ResultTask<std::optional<Milliseconds>> Bench::wait_until(Milliseconds at_most,
                                                          std::function<ResultTask<bool>()> holds) {
  const auto begun = clock().now();
  for (;;) {
    const auto held = co_await holds();
    const auto took = clock().now() - begun;
    if (!held) co_return fail(held.error());
    if (*held) co_return std::optional(took);
    if (took >= at_most) co_return std::nullopt;
    if (took >= patience_) {
      co_return fail(ErrorKind::lease_over, fmt::format("not within the {} of --patience",
                                                        describe_period(std::chrono::ceil<Period>(patience_))));
    }
    CO_TRY_VOID(stopped());
    co_await clock().sleep_for(took < 30s ? 1s : 3s);
  }
}

Task<std::optional<Bench::Left>> Bench::clear_one(Made made) {
  for (int look = 1;; ++look) {
    const auto removal = co_await take_away(account_, made.thing);
    if (!removal) co_return Left{made.thing, describe(removal.error()), false};
    switch (*removal) {
      case Removal::taken_away: {
        const auto noted = gone(made.thing);
        if (!noted) co_return Left{made.thing, "taken away, but " + noted.error().message, false};
        co_return std::nullopt;
      }
      case Removal::not_probes:
        co_return Left{made.thing, "something of that name does not carry this run's tag, and was left alone", false};
      case Removal::absent:
        if (!made.certain) {
          co_return Left{made.thing, "not there; a request that was under way may still make it within five minutes",
                         true};
        }
        if (look == looks_for_a_certain_thing) {
          co_return Left{made.thing, "AWS said that it was made, and can't find it now", false};
        }
        co_await clock().sleep_for(2s);
    }
  }
}

Task<void> Bench::clear(bool everything) {
  left_.clear();
  const auto made = made_;
  for (const auto& each : made) {
    if (!everything && stranger_thing_ == each.thing) continue;
    auto left = co_await clear_one(each);
    if (left) left_.push_back(*std::move(left));
  }
}

}  // namespace rekeyer::probe
// NOLINTEND(cppcoreguidelines-avoid-capturing-lambda-coroutines)
