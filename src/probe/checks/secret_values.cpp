// Versions of a secret: tokens that make storing repeatable, and labels that move only from where they are said to be.
#include <array>

#include "base/try.hpp"
#include "probe/check.hpp"
#include "probe/checks/secret_requests.hpp"

namespace rekeyer::probe {
namespace {

ResultTask<Finding> same_value_again(Bench& bench) {
  CO_TRY(const auto secret, co_await bench.make_secret("same-value"));
  auto caller = bench.caller();
  const auto token = token_of(bench, 1);
  CO_TRY_VOID(accepted(co_await put_value(caller, secret, {token, "first"})));
  const auto again = co_await put_value(caller, secret, {token, "first"});
  if (again.refusal) co_return judge_acceptance(again);
  const auto version = again.json->string("VersionId");
  co_return judged(version && *version == token, "accepted, as the same version");
}

ResultTask<Finding> other_value_again(Bench& bench) {
  CO_TRY(const auto secret, co_await bench.make_secret("other-value"));
  auto caller = bench.caller();
  const auto token = token_of(bench, 1);
  CO_TRY_VOID(accepted(co_await put_value(caller, secret, {token, "first"})));
  const auto again = co_await put_value(caller, secret, {token, "second"});
  co_return judge_refusal(again, {400, {"ResourceExistsException"}});
}

ResultTask<Finding> labels_of_a_repetition(Bench& bench) {
  CO_TRY(const auto secret, co_await bench.make_secret("labels-again"));
  auto caller = bench.caller();
  const auto first = token_of(bench, 1);
  CO_TRY_VOID(accepted(co_await put_value(caller, secret, {first, "first"})));
  CO_TRY_VOID(accepted(co_await put_value(caller, secret, {token_of(bench, 2), "second", "AWSPENDING"})));
  CO_TRY_VOID(accepted(co_await put_value(caller, secret, {first, "first", "AWSPENDING"})));
  CO_TRY(const auto described, co_await bench.secrets().describe_secret(secret));
  co_return judged(
      described.versions.contains(VersionId(first)) && described.versions.at(VersionId(first)).contains("AWSPENDING"),
      labels_text(bench, described));
}

ResultTask<Finding> first_version_pending(Bench& bench) {
  CO_TRY(const auto secret, co_await bench.make_secret("first-pending"));
  auto caller = bench.caller();
  const auto token = token_of(bench, 1);
  CO_TRY_VOID(accepted(co_await put_value(caller, secret, {token, "first", "AWSPENDING"})));
  CO_TRY(const auto described, co_await bench.secrets().describe_secret(secret));
  const auto version = described.versions.find(VersionId(token));
  co_return judged(version != described.versions.end() && version->second == std::set<std::string>{"AWSPENDING"},
                   labels_text(bench, described));
}

/// A secret with a current and a pending version.
ResultTask<SecretName> two_versions(Bench& bench, std::string suffix) {
  CO_TRY(auto secret, co_await bench.make_secret(std::move(suffix)));
  auto caller = bench.caller();
  CO_TRY_VOID(accepted(co_await put_value(caller, secret, {token_of(bench, 1), "first"})));
  CO_TRY_VOID(accepted(co_await put_value(caller, secret, {token_of(bench, 2), "second", "AWSPENDING"})));
  co_return secret;
}

ResultTask<Finding> label_without_from(Bench& bench) {
  CO_TRY(const auto secret, co_await two_versions(bench, "label-without-from"));
  auto caller = bench.caller();
  const auto moved = co_await move_label(caller, secret, {"AWSCURRENT", "", token_of(bench, 2)});
  co_return judge_refusal(moved, {400, {"InvalidParameterException"}});
}

ResultTask<Finding> label_from_elsewhere(Bench& bench) {
  CO_TRY(const auto secret, co_await two_versions(bench, "label-from-elsewhere"));
  auto caller = bench.caller();
  const auto moved = co_await move_label(caller, secret, {"AWSCURRENT", token_of(bench, 2), token_of(bench, 2)});
  co_return judge_refusal(moved, {400, {"InvalidParameterException"}});
}

ResultTask<Finding> label_twice(Bench& bench) {
  CO_TRY(const auto secret, co_await two_versions(bench, "label-twice"));
  auto caller = bench.caller();
  const LabelMove move{"AWSCURRENT", token_of(bench, 1), token_of(bench, 2)};
  CO_TRY_VOID(accepted(co_await move_label(caller, secret, move)));
  const auto again = co_await move_label(caller, secret, move);
  co_return judge_refusal(again, {400, {"InvalidParameterException"}});
}

ResultTask<Finding> previous_follows(Bench& bench) {
  CO_TRY(const auto secret, co_await two_versions(bench, "previous-follows"));
  auto caller = bench.caller();
  CO_TRY_VOID(accepted(co_await move_label(caller, secret, {"AWSCURRENT", token_of(bench, 1), token_of(bench, 2)})));
  CO_TRY(const auto described, co_await bench.secrets().describe_secret(secret));
  const auto former = described.versions.find(VersionId(token_of(bench, 1)));
  co_return judged(former != described.versions.end() && former->second.contains("AWSPREVIOUS"),
                   labels_text(bench, described));
}

ResultTask<Finding> unlabelled_is_not_described(Bench& bench) {
  CO_TRY(const auto secret, co_await two_versions(bench, "unlabelled"));
  auto caller = bench.caller();
  CO_TRY_VOID(accepted(co_await move_label(caller, secret, {"AWSPENDING", token_of(bench, 2), ""})));
  CO_TRY(const auto described, co_await bench.secrets().describe_secret(secret));
  co_return judged(!described.versions.contains(VersionId(token_of(bench, 2))), labels_text(bench, described));
}

ResultTask<Finding> unknown_version(Bench& bench) {
  CO_TRY(const auto secret, co_await two_versions(bench, "unknown-version"));
  auto caller = bench.caller();
  const auto moved = co_await move_label(caller, secret, {"AWSCURRENT", token_of(bench, 1), token_of(bench, 9)});
  co_return judge_refusal(moved, {400, {"ResourceNotFoundException"}});
}

ResultTask<Finding> made_twice(Bench& bench) {
  CO_TRY(const auto secret, co_await bench.make_secret("made-twice"));
  auto again = co_await bench.secrets().create_secret(
      {.name = secret, .description = {}, .kms_key_id = {}, .tags = tags_of(bench.account().run)},
      aws::SignBefore::never());
  if (again) co_return different("accepted");
  if (again.error().kind != ErrorKind::already_exists) co_return unanswered(again.error());
  co_return as_believed(again.error().code);
}

ResultTask<Finding> comma_in_a_name(Bench& bench) {
  const auto thing = bench.thing(Kind::secret, bench.name_of("a,comma"));
  CO_TRY_VOID(bench.about_to_make(thing));
  aws::JsonWriter body;
  body.begin_object().member("Name", thing.name).member("ClientRequestToken", token_of(bench, 1));
  add_tags(body, tags_of(bench.account().run));
  body.end();
  const auto answer = co_await bench.caller().secret("CreateSecret", std::move(body), aws::Idempotent::no);
  CO_TRY_VOID(bench.answered(thing, answer));
  co_return judge_refusal(answer, {400, {"ValidationException", "InvalidParameterException"}, "name"});
}

}  // namespace

std::span<const Check> secret_value_checks() {
  static constexpr std::array checks{
      Check{"secrets.put-same-token-same-value", "The same value under the same token again changes nothing",
            "docs/design/0004-protocol.md", Takes::a_moment, same_value_again},
      Check{"secrets.put-same-token-other-value", "Another value under a token that is taken: ResourceExistsException",
            "docs/design/0004-protocol.md", Takes::a_moment, other_value_again},
      Check{"secrets.put-again-labels-again", "Storing again under the same token applies the labels again",
            "src/rotation/issue.cpp", Takes::a_moment, labels_of_a_repetition},
      Check{"secrets.first-version-pending", "A first version that is stored as AWSPENDING has no other label",
            "src/rotation/issue.cpp", Takes::a_moment, first_version_pending},
      Check{"secrets.label-needs-from", "A label that another version has moves only where that version is named",
            "docs/design/0004-protocol.md", Takes::a_moment, label_without_from},
      Check{"secrets.label-from-must-match",
            "A label does not move from a version that does not have it: InvalidParameterException",
            "docs/design/0004-protocol.md", Takes::a_moment, label_from_elsewhere},
      Check{"secrets.label-moves-once", "Of two runs that move the same label from the same version, one is refused",
            "docs/design/0004-protocol.md", Takes::a_moment, label_twice},
      Check{"secrets.label-previous-follows", "The version that AWSCURRENT leaves becomes AWSPREVIOUS",
            "docs/operations.md", Takes::a_moment, previous_follows},
      Check{"secrets.unlabelled-not-described", "DescribeSecret leaves out versions without a label",
            "docs/design/0005-state-in-tags.md", Takes::a_moment, unlabelled_is_not_described},
      Check{"secrets.label-to-unknown-version", "A label does not move to a version that is not there",
            "src/aws/call/classify.cpp", Takes::a_moment, unknown_version},
      Check{"secrets.made-twice", "Making a secret without a value twice is refused, also with the same token",
            "docs/design/0012-trust.md", Takes::a_moment, made_twice},
      Check{"secrets.comma-in-name", "A secret's name can't hold a comma", "src/rotation/naming.cpp", Takes::a_moment,
            comma_in_a_name},
  };
  return checks;
}

}  // namespace rekeyer::probe
