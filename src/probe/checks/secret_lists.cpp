// ListSecrets: its filters, what it tells of each secret, and how late it is.
#include <array>

#include "base/try.hpp"
#include "probe/check.hpp"
#include "probe/checks/secret_requests.hpp"

// NOLINTBEGIN(cppcoreguidelines-avoid-capturing-lambda-coroutines): it lives in the frame of the waiting that it is
// given to
namespace rekeyer::probe {
namespace {

using namespace std::chrono_literals;

constexpr Milliseconds list_lags = 5min;

struct Filter {
  std::string key;
  std::string value;
};

/// The secrets of this run that the filter finds.
ResultTask<std::vector<std::string>> found_by(Bench& bench, Filter filter) {
  aws::JsonWriter body;
  body.begin_object().member("MaxResults", 100);
  body.begin_array("Filters").begin_object().member("Key", filter.key);
  body.begin_array("Values").value(filter.value).end().end().end().end();
  const auto answer = co_await bench.caller().secret("ListSecrets", std::move(body), aws::Idempotent::read);
  if (answer.refusal) co_return fail(*answer.refusal);
  CO_TRY(const auto list, answer.json->optional_array("SecretList"));
  std::vector<std::string> names;
  for (const auto& secret : list) {
    CO_TRY(const auto name, secret.string("Name"));
    if (name.starts_with(bench.name_of(""))) names.emplace_back(name);
  }
  co_return names;
}

/// How long until the filter finds `count` secrets of this run.
ResultTask<std::optional<Milliseconds>> until_found(Bench& bench, Filter filter, std::size_t count) {
  auto took = co_await bench.wait_until(list_lags + 1min, [&]() -> ResultTask<bool> {
    CO_TRY(const auto names, co_await found_by(bench, filter));
    co_return names.size() == count;
  });
  co_return took;
}

ResultTask<Finding> list_is_late(Bench& bench) {
  CO_TRY(const auto secret, co_await bench.make_secret("listed"));
  CO_TRY(const auto took, co_await until_found(bench, {"name", secret.str()}, 1));
  if (!took) co_return different("not listed within six minutes");
  co_return judged(*took <= list_lags, fmt::format("after {:.1f} s", static_cast<double>(took->count()) / 1000));
}

/// Once one filter finds the secret, another is judged by whether it does.
ResultTask<Finding> second_filter(Bench& bench, SecretName secret, Filter filter, bool believed) {
  CO_TRY(const auto took, co_await until_found(bench, {"name", secret.str()}, 1));
  if (!took) co_return not_tried("the secret was not listed within six minutes");
  CO_TRY(const auto names, co_await found_by(bench, std::move(filter)));
  co_return judged(!names.empty() == believed, names.empty() ? "it is not found" : "it is found");
}

ResultTask<Finding> name_filter_takes_beginnings(Bench& bench) {
  CO_TRY(const auto secret, co_await bench.make_secret("beginning"));
  co_return co_await second_filter(bench, secret, {"name", bench.name_of("beg")}, true);
}

ResultTask<Finding> name_filter_minds_case(Bench& bench) {
  CO_TRY(const auto secret, co_await bench.make_secret("minds-case"));
  co_return co_await second_filter(bench, secret, {"name", bench.name_of("MINDS-CASE")}, false);
}

ResultTask<Finding> tag_filter_takes_beginnings(Bench& bench) {
  CO_TRY(const auto secret, co_await bench.make_secret("tag-beginning"));
  co_return co_await second_filter(bench, secret, {"tag-value", bench.account().run.str().substr(0, 12)}, true);
}

ResultTask<Finding> list_tells_all(Bench& bench) {
  CO_TRY(const auto secret, co_await bench.make_secret("told"));
  CO_TRY_VOID(accepted(co_await put_value(bench.caller(), secret, {token_of(bench, 1), "first"})));
  std::string seen = "it is not listed";
  const auto took = co_await bench.wait_until(list_lags + 1min, [&]() -> ResultTask<bool> {
    CO_TRY(const auto list, co_await bench.secrets().list_secrets(secret.str()));
    for (const auto& each : list) {
      if (each.name != secret) continue;
      const bool tags = tagged_by(bench.account().run, each.tags);
      const bool versions = each.versions.contains(VersionId(token_of(bench, 1)));
      seen = fmt::format("{}, {}, {}", tags ? "tags" : "no tags", versions ? "versions" : "no versions",
                         each.changed ? "LastChangedDate" : "no LastChangedDate");
      co_return tags&& versions&& each.changed;
    }
    co_return false;
  });
  if (!took) co_return fail(took.error());
  co_return judged(took->has_value(), seen);
}

ResultTask<Finding> scheduled_are_listed(Bench& bench) {
  CO_TRY(const auto secret, co_await bench.make_secret("scheduled-listed"));
  CO_TRY_VOID(co_await bench.secrets().schedule_deletion(secret, 7, aws::SignBefore::never()));
  const auto took = co_await bench.wait_until(list_lags + 1min, [&]() -> ResultTask<bool> {
    CO_TRY(const auto list, co_await bench.secrets().list_secrets(secret.str()));
    for (const auto& each : list) {
      if (each.name == secret && each.deleted) co_return true;
    }
    co_return false;
  });
  if (!took) co_return fail(took.error());
  CO_TRY(const auto without, co_await found_by(bench, {"name", secret.str()}));
  co_return judged(took->has_value() && without.empty(),
                   fmt::format("with IncludePlannedDeletion {}, without it {}", *took ? "listed" : "not listed",
                               without.empty() ? "not listed" : "listed"));
}

}  // namespace

std::span<const Check> secret_list_checks() {
  static constexpr std::array checks{
      Check{"secrets.list-lag", "ListSecrets shows a new secret within five minutes",
            "src/rotation/secrets_of_account.cpp", Takes::a_while, list_is_late},
      Check{"secrets.list-tells-all", "ListSecrets tells tags, labelled versions and LastChangedDate of each",
            "docs/design/0005-state-in-tags.md", Takes::a_while, list_tells_all},
      Check{"secrets.list-name-beginning", "The filter `name` takes the beginning of a name",
            "src/aws/services/secrets_manager.cpp", Takes::a_while, name_filter_takes_beginnings},
      Check{"secrets.list-name-case", "The filter `name` minds case", "src/aws/services/secrets_manager.cpp",
            Takes::a_while, name_filter_minds_case},
      Check{"secrets.list-tag-beginning", "The filter `tag-value` takes the beginning of a value",
            "src/aws/services/secrets_manager.cpp", Takes::a_while, tag_filter_takes_beginnings},
      Check{"secrets.list-scheduled", "Secrets that are scheduled for deletion are listed only where that is asked for",
            "src/aws/services/secrets_manager.cpp", Takes::a_while, scheduled_are_listed},
  };
  return checks;
}

}  // namespace rekeyer::probe
// NOLINTEND(cppcoreguidelines-avoid-capturing-lambda-coroutines)
