#include "simulation/planted.hpp"

#include <fmt/format.h>

#include "base/log.hpp"

namespace rekeyer::simulation {
namespace {

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

/// The operation: from the query body or the JSON target.
bool asks_for(const aws::HttpRequest& request, std::string_view operation) {
  if (const auto target = request.headers.find("x-amz-target")) return target->ends_with("." + std::string(operation));
  return std::string_view(request.body).starts_with("Action=" + std::string(operation) + "&");
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

aws::HttpResponse made_up(std::string_view type, std::string_view body) {
  aws::HttpResponse response;
  response.status = 200;
  response.headers.add("Content-Type", type);
  response.body.assign(body);
  return response;
}

aws::HttpResponse no_result(std::string_view operation) {
  const std::string name(operation);
  return made_up("text/xml", "<" + name + "Response><ResponseMetadata><RequestId>0</RequestId></ResponseMetadata></" +
                                 name + "Response>");
}

constexpr std::string_view never_used =
    "<GetAccessKeyLastUsedResponse><GetAccessKeyLastUsedResult><UserName>x</UserName><AccessKeyLastUsed>"
    "<ServiceName>N/A</ServiceName><Region>N/A</Region></AccessKeyLastUsed></GetAccessKeyLastUsedResult>"
    "<ResponseMetadata><RequestId>0</RequestId></ResponseMetadata></GetAccessKeyLastUsedResponse>";

constexpr std::string_view empty_group =
    "<GetGroupResponse><GetGroupResult><Group><Path>/</Path><GroupName>g</GroupName><GroupId>AGPA0</GroupId>"
    "<Arn>arn:aws:iam::000000000000:group/g</Arn><CreateDate>2020-01-01T00:00:00Z</CreateDate></Group><Users/>"
    "<IsTruncated>false</IsTruncated></GetGroupResult><ResponseMetadata><RequestId>0</RequestId></ResponseMetadata>"
    "</GetGroupResponse>";

/// The 64 digits under which PutSecretValue was asked to store.
std::string_view token_of(std::string_view body) {
  constexpr std::string_view mark = R"("ClientRequestToken":")";
  const auto at = body.find(mark);
  return at == std::string_view::npos ? std::string_view{} : body.substr(at + mark.size(), 64);
}

bool went_well(const Result<aws::HttpResponse>& reply) { return reply && reply->status / 100 == 2; }

/// Edits the text of a reply's body.
template <class Edit>
void edit(Result<aws::HttpResponse>& reply, Edit change) {
  if (!reply) return;
  std::string text(reply->body);
  change(text);
  reply->body.assign(text);
}

/// Every year that follows one of the marks goes back by one: "off=2026…" becomes "off=2025…".
void age_by_a_year(std::string& text, std::string_view mark) {
  for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1)) {
    char& digit = text[at + mark.size() + 3];
    if (digit > '0' && digit <= '9') --digit;
  }
}

/// What GetCallerIdentity would say of the key that signed the request, whether or not it works yet.
std::optional<aws::HttpResponse> identity_without_asking(sandbox::World& world, const aws::HttpRequest& request) {
  const std::string authorization(request.headers.find("authorization").value_or(""));
  const auto start = authorization.find("Credential=");
  if (start == std::string::npos) return std::nullopt;
  const auto id = authorization.substr(start + 11, authorization.find('/', start) - start - 11);
  const auto place = world.find_key(AccessKeyId(id));
  if (place.key == nullptr) return std::nullopt;
  return made_up("text/xml", "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>" +
                                 world.user_arn(place.account->id, *place.user).str() + "</Arn><UserId>" +
                                 place.user->id + "</UserId><Account>" + place.account->id.str() +
                                 "</Account></GetCallerIdentityResult><ResponseMetadata><RequestId>0</RequestId>"
                                 "</ResponseMetadata></GetCallerIdentityResponse>");
}

}  // namespace

const std::vector<BugName>& planted_bugs() {
  static const std::vector<BugName> bugs{
      {Bug::unknown_is_never_used, "unknown-is-never-used", 100},
      {Bug::create_is_sent_again, "create-is-sent-again", 200},
      {Bug::delete_before_create, "delete-before-create", 50},
      {Bug::delete_instead_of_deactivate, "delete-instead-of-deactivate", 50},
      {Bug::no_intent, "no-intent", 50},
      {Bug::deactivation_not_performed, "deactivation-not-performed", 120},
      {Bug::stale_key_list, "stale-key-list", 100},
      {Bug::group_fails_open, "group-fails-open", 300},
      {Bug::stale_last_use, "stale-last-use", 50},
      {Bug::early_deletion, "early-deletion", 50},
      {Bug::live_intents_are_over, "live-intents-are-over", 100},
      {Bug::intents_are_not_seen, "intents-are-not-seen", 300},
      {Bug::not_verified, "not-verified", 50},
      {Bug::first_page_only, "first-page-only", 25},
      {Bug::secret_in_the_log, "secret-in-the-log", 25},
      {Bug::plan_changes, "plan-changes", 50},
      {Bug::failures_hidden, "failures-hidden", 50},
      {Bug::mails_are_lost, "mails-are-lost", 50},
      {Bug::told_is_forgotten, "told-is-forgotten", 50},
      {Bug::lock_not_written, "lock-not-written", 100},
      {Bug::taken_tokens_look_stored, "taken-tokens-look-stored", 800},
      {Bug::our_use_is_theirs, "our-use-is-theirs", 50},
      {Bug::forged_proofs_believed, "forged-proofs-believed", 500},
      {Bug::ids_are_not_seen, "ids-are-not-seen", 100},
      {Bug::names_are_identity, "names-are-identity", 500},
      {Bug::refusals_are_forgotten, "refusals-are-forgotten", 100},
      {Bug::copies_look_in_sync, "copies-look-in-sync", 100},
      {Bug::denials_are_not_seen, "denials-are-not-seen", 100},
      {Bug::disabled_keys_look_usable, "disabled-keys-look-usable", 100},
      {Bug::held_are_forgotten, "held-are-forgotten", 100},
      {Bug::changes_are_forgotten, "changes-are-forgotten", 50},
      {Bug::rows_are_doubled, "rows-are-doubled", 50},
      {Bug::accounts_are_not_closed, "accounts-are-not-closed", 100},
      {Bug::limits_are_not_kept, "limits-are-not-kept", 100},
      {Bug::relock_ignores_runs, "relock-ignores-runs", 500},
      {Bug::relock_is_not_performed, "relock-is-not-performed", 100},
  };
  return bugs;
}

std::optional<aws::HttpResponse> PlantedTransport::of_the_day(const std::string& body) const {
  const auto known = memory_.replies.find(body);
  if (known == memory_.replies.end() || clock_.now() - known->second.first >= std::chrono::hours{24}) {
    return std::nullopt;
  }
  return made_up("text/xml", known->second.second);
}

std::optional<aws::HttpResponse> PlantedTransport::instead(aws::HttpRequest& request) {
  const std::string body(request.body);
  switch (bug_) {
    case Bug::delete_instead_of_deactivate:
      if (asks_for(request, "UpdateAccessKey")) {
        auto text = body;
        replace_all(text, "Action=UpdateAccessKey", "Action=DeleteAccessKey");
        request.body.assign(text);
      }
      return std::nullopt;
    case Bug::no_intent:
      if (asks_for(request, "TagResource") && contains(body, "rekeyer:intent") && contains(body, "lease=")) {
        return made_up("application/x-amz-json-1.1", "");
      }
      return std::nullopt;
    case Bug::deactivation_not_performed:
      if (asks_for(request, "UpdateAccessKey")) return no_result("UpdateAccessKey");
      return std::nullopt;
    case Bug::stale_key_list:
      if (asks_for(request, "ListAccessKeys")) return of_the_day(body);
      return std::nullopt;
    case Bug::names_are_identity:
      if (asks_for(request, "GetUser")) return of_the_day(body);
      return std::nullopt;
    case Bug::refusals_are_forgotten:
      if (asks_for(request, "TagResource") && contains(body, "rekeyer:issued-nothing")) {
        return made_up("application/x-amz-json-1.1", "");
      }
      return std::nullopt;
    case Bug::not_verified:
      if (asks_for(request, "GetCallerIdentity")) return identity_without_asking(world_, request);
      return std::nullopt;
    case Bug::mails_are_lost:
      if (request.url.path == "/v2/email/outbound-emails") return made_up("application/json", R"({"MessageId":"0"})");
      return std::nullopt;
    case Bug::told_is_forgotten:
      if (asks_for(request, "TagResource") && contains(body, "rekeyer:notice")) {
        return made_up("application/x-amz-json-1.1", "");
      }
      return std::nullopt;
    case Bug::lock_not_written:
      if (asks_for(request, "PutResourcePolicy")) return made_up("application/x-amz-json-1.1", "{}");
      return std::nullopt;
    default: return std::nullopt;
  }
}

void PlantedTransport::bend(const aws::HttpRequest& request, Result<aws::HttpResponse>& reply) {
  const bool secrets = asks_for(request, "DescribeSecret") || asks_for(request, "ListSecrets");
  switch (bug_) {
    case Bug::unknown_is_never_used:
      if (asks_for(request, "GetAccessKeyLastUsed") && !went_well(reply)) reply = made_up("text/xml", never_used);
      break;
    case Bug::group_fails_open:
      if (asks_for(request, "GetGroup") && !went_well(reply)) reply = made_up("text/xml", empty_group);
      break;
    case Bug::stale_key_list:
    case Bug::names_are_identity:
      if ((asks_for(request, "ListAccessKeys") || asks_for(request, "GetUser")) && went_well(reply)) {
        memory_.replies[std::string(request.body)] = {clock_.now(), std::string(reply->body)};
      }
      break;
    case Bug::stale_last_use:
      if (asks_for(request, "GetAccessKeyLastUsed")) {
        edit(reply, [](std::string& text) { age_by_a_year(text, "<LastUsedDate>"); });
      }
      break;
    case Bug::our_use_is_theirs:
      if (asks_for(request, "GetAccessKeyLastUsed")) {
        edit(reply, [](std::string& text) {
          replace_all(text, "<ServiceName>sts</ServiceName>", "<ServiceName>s3</ServiceName>");
        });
      }
      break;
    case Bug::early_deletion:
      if (secrets) edit(reply, [](std::string& text) { age_by_a_year(text, "off="); });
      break;
    case Bug::live_intents_are_over:
      if (secrets) {
        edit(reply, [](std::string& text) {
          age_by_a_year(text, "lease=");
          age_by_a_year(text, "start=");
        });
      }
      break;
    case Bug::intents_are_not_seen:
      if (secrets) edit(reply, [](std::string& text) { replace_all(text, "rekeyer:intent", "rekeyer:unseen"); });
      break;
    case Bug::ids_are_not_seen:
      if (secrets) edit(reply, [](std::string& text) { replace_all(text, "rekeyer:id", "rekeyer:no"); });
      break;
    case Bug::copies_look_in_sync:
      if (secrets) {
        edit(reply, [](std::string& text) {
          replace_all(text, R"("Status":"Failed")", R"("Status":"InSync")");
          replace_all(text, R"("Status":"InProgress")", R"("Status":"InSync")");
        });
      }
      break;
    case Bug::denials_are_not_seen:
      if (asks_for(request, "GetResourcePolicy")) {
        constexpr std::string_view start =
            R"(KeepOut\",\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"secretsmanager:)";
        edit(reply, [&](std::string& text) {
          replace_all(text, std::string(start) + "GetSecretValue", std::string(start) + "CancelRotateSecret");
        });
      }
      break;
    case Bug::disabled_keys_look_usable:
      if (asks_for(request, "DescribeKey")) {
        edit(reply, [](std::string& text) { replace_all(text, R"("Enabled":false)", R"("Enabled":true)"); });
      }
      break;
    case Bug::first_page_only:
      if (asks_for(request, "ListAccounts")) {
        edit(reply, [](std::string& text) { replace_all(text, "\"NextToken\"", "\"Ignored\""); });
      }
      break;
    case Bug::taken_tokens_look_stored:
      if (const std::string body(request.body); asks_for(request, "PutSecretValue") && reply &&
                                                contains(std::string(reply->body), "ResourceExistsException")) {
        reply = made_up("application/x-amz-json-1.1", fmt::format(R"({{"VersionId":"{}"}})", token_of(body)));
      }
      break;
    case Bug::secret_in_the_log:
      if (asks_for(request, "CreateAccessKey") && went_well(reply)) {
        log::info("created", {{"reply", std::string(reply->body)}});
      }
      break;
    default: break;
  }
}

/// DeleteAccessKey of the oldest key of the user that the request is about; nothing where there is none.
std::optional<aws::HttpRequest> PlantedTransport::deletion_of_oldest(const aws::HttpRequest& request) {
  for (auto& [id, account] : world_.accounts) {
    for (auto& [folded, user] : account.iam.users) {
      std::string name = user.name.str();
      replace_all(name, ",", "%2C");
      replace_all(name, "=", "%3D");
      replace_all(name, "+", "%2B");
      if (user.keys.empty() || !contains(std::string(request.body) + "&", "UserName=" + name + "&")) continue;
      auto deletion = request;
      deletion.body.assign("Action=DeleteAccessKey&Version=2010-05-08&UserName=" + name +
                           "&AccessKeyId=" + user.keys.front().id.str());
      return deletion;
    }
  }
  return std::nullopt;
}

ResultTask<aws::HttpResponse> PlantedTransport::send(aws::HttpRequest request) {
  if (bug_ == Bug::delete_before_create && asks_for(request, "CreateAccessKey")) {
    if (auto deletion = deletion_of_oldest(request)) {
      const auto deleted = co_await network_.send(std::move(*deletion));
      if (!deleted) co_return deleted;
    }
  }
  if (auto made = instead(request)) co_return std::move(*made);
  const auto copy = request;
  auto reply = co_await network_.send(std::move(request));
  const bool lost = !reply || reply->status >= 500;
  if (bug_ == Bug::create_is_sent_again && asks_for(copy, "CreateAccessKey") && lost) {
    reply = co_await network_.send(copy);
  }
  bend(copy, reply);
  if (bug_ == Bug::delete_instead_of_deactivate && asks_for(copy, "DeleteAccessKey") && went_well(reply)) {
    reply = no_result("UpdateAccessKey");
  }
  co_return reply;
}

}  // namespace rekeyer::simulation
