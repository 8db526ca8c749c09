// The checks of a caller's credentials, one after the other as AWS makes them: usable, scope, signature, age.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "base/try.hpp"
#include "sandbox/access/credential_refusals.hpp"
#include "sandbox/access/digest.hpp"
#include "sandbox/access/principal.hpp"
#include "sandbox/access/signature.hpp"
#include "sandbox/world/key_use.hpp"

namespace rekeyer::sandbox {
namespace {

using Checked = ServiceResult<void>;

/// What the checks look at; valid for one call.
struct Attempt {
  const AwsBehaviour& behaviour;
  const Call& call;
  const aws::HttpRequest& request;
  Instant now{};
  bool any_date = false;
  std::string_view secret{};
  std::string_view token{};

  std::string_view header(std::string_view name) const { return request.headers.find(name).value_or(""); }
  std::unexpected<ServiceError> unusable() const { return std::unexpected(unusable_credentials(call)); }
  std::unexpected<ServiceError> mismatch(std::string message) const {
    return std::unexpected(signature_mismatch(call, std::move(message)));
  }
  std::unexpected<ServiceError> wrong_time(std::string message) const {
    return std::unexpected(rekeyer::sandbox::wrong_time(call, std::move(message)));
  }
};

/// A change of status spreads: until it has, the former one holds.
bool works(const AccessKey& key, Instant now) { return now < key.status_spreads_until ? !key.active : key.active; }

Checked check_users_key(const Attempt& attempt, const World::KeyPlace& place) {
  auto& key = *place.key;
  if (place.account->state != "ACTIVE" || !works(key, attempt.now)) return attempt.unusable();
  if (attempt.any_date) return {};
  if (key.refusals_left > 0) {
    --key.refusals_left;
    return attempt.unusable();
  }
  if (attempt.now < key.usable_from) return attempt.unusable();
  return {};
}

Checked check_session(const Attempt& attempt, const World& world, const Session& session) {
  const auto* account = world.find_account(session.account);
  if (account == nullptr || account->state != "ACTIVE") return attempt.unusable();
  if (attempt.header("x-amz-security-token") != session.token) return attempt.unusable();
  if (session.expires <= attempt.now) return std::unexpected(expired_credentials(attempt.call));
  return {};
}

/// IAM, Organizations and Account Management have one endpoint in a partition, and it is in one region.
std::string_view home_region(std::string_view partition, std::string_view service) {
  if (service != "iam" && service != "organizations" && service != "account") return {};
  struct Home {
    std::string_view partition;
    std::string_view iam;
    std::string_view organizations;
  };
  static constexpr Home homes[] = {
      {"aws", "us-east-1", "us-east-1"},
      {"aws-us-gov", "us-gov-west-1", "us-gov-west-1"},
      {"aws-cn", "cn-north-1", "cn-northwest-1"},
  };
  const auto* const home = std::ranges::find(homes, partition, &Home::partition);
  if (home == std::end(homes)) return {};
  return service == "iam" ? home->iam : home->organizations;  // Account Management lives beside the latter
}

/// Partitions share no keys: what is signed for a region of another one is signed by a key that nobody knows there.
std::string_view partition_of_region(std::string_view region) {
  struct Row {
    std::string_view prefix;
    std::string_view partition;
  };
  static constexpr Row rows[] = {
      {"us-gov-", "aws-us-gov"}, {"cn-", "aws-cn"},         {"us-iso-", "aws-iso"}, {"us-isob-", "aws-iso-b"},
      {"eu-isoe-", "aws-iso-e"}, {"us-isof-", "aws-iso-f"}, {"eusc-", "aws-eusc"},
  };
  const auto* const row =
      std::ranges::find_if(rows, [&](const Row& known) { return region.starts_with(known.prefix); });
  return row == std::end(rows) ? "aws" : row->partition;
}

bool is_stamp(std::string_view text) {
  constexpr std::string_view shape = "########T######Z";
  return std::ranges::equal(text, shape, [](char c, char wanted) { return wanted == '#' ? is_digit(c) : c == wanted; });
}

Checked check_scope(const Attempt& attempt, const World& world) {
  const auto& scope = *attempt.call.signature;
  const auto stamp = attempt.header("x-amz-date");
  if (!is_stamp(stamp) || stamp.substr(0, 8) != scope.date || !parse_iso8601(stamp)) {
    return attempt.mismatch("Credential should be scoped to a valid date.");
  }
  if (!attempt.call.service.empty() && scope.service != attempt.call.service) {
    return attempt.mismatch(fmt::format("Credential should be scoped to correct service: '{}'.", attempt.call.service));
  }
  const auto home = home_region(world.partition, scope.service);
  if (!home.empty() && scope.region != home) return attempt.mismatch("Credential should be scoped to a valid region.");
  return {};
}

/// S3 signs what the request says that its body hashes to: that must be said, and true.
Checked check_stated_hash(const Attempt& attempt) {
  const auto stated = attempt.request.headers.find("x-amz-content-sha256");
  if (!stated) return refuse("InvalidRequest", "Missing required header for this request: x-amz-content-sha256");
  if (*stated == "UNSIGNED-PAYLOAD") return {};
  if (stated->starts_with("STREAMING-")) {
    return refuse("NotImplemented", "The sandbox takes no bodies that are signed or sent in chunks.", 501);
  }
  std::string hash;
  append_hexadecimal(hash, sha256({attempt.request.body.data(), attempt.request.body.size()}));
  if (hash == *stated) return {};
  return refuse("XAmzContentSHA256Mismatch",
                "The provided 'x-amz-content-sha256' header does not match what was computed.");
}

Checked check_signature(const Attempt& attempt) {
  const auto& header = *attempt.call.signature;
  if (attempt.call.protocol == Protocol::rest_xml) TRY_VOID(check_stated_hash(attempt));
  const auto is_signed = [&](std::string_view name) {
    return std::ranges::find(header.signed_headers, name) != header.signed_headers.end();
  };
  if (!is_signed("host")) {
    return attempt.mismatch("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
  }
  if (!is_signed("x-amz-date")) return attempt.mismatch("'X-Amz-Date' must be a 'SignedHeader' in the Authorization.");
  if (!attempt.token.empty() && !is_signed("x-amz-security-token")) {
    return attempt.mismatch("'X-Amz-Security-Token' must be a 'SignedHeader' in the Authorization.");
  }
  const auto wanted = expected_signature(attempt.request, header, attempt.secret);
  if (wanted.empty() || wanted != header.signature) {
    return attempt.mismatch(
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access "
        "Key and signing method. Consult the service documentation for details.");
  }
  return {};
}

Checked check_age(const Attempt& attempt) {
  const auto stamp = attempt.header("x-amz-date");
  const auto age = attempt.now - parse_iso8601(stamp).value_or(Instant{});
  // S3 is more patient than the others.
  const auto patience = attempt.call.protocol == Protocol::rest_xml ? Milliseconds(15 * 60'000) : Milliseconds(0);
  const auto lifetime = std::max(attempt.behaviour.signature_lifetime, patience);
  if (age <= lifetime && age >= -lifetime) return {};
  const auto present = compact_iso8601(attempt.now);
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(lifetime).count();
  if (age > lifetime) {
    return attempt.wrong_time(fmt::format("Signature expired: {} is now earlier than {} ({} - {} min.)", stamp,
                                          compact_iso8601(attempt.now - lifetime), present, minutes));
  }
  return attempt.wrong_time(fmt::format("Signature not yet current: {} is still later than {} ({} + {} min.)", stamp,
                                        compact_iso8601(attempt.now + lifetime), present, minutes));
}

ServiceResult<Principal> check_all(const Attempt& attempt, const World& world, Principal principal) {
  TRY_VOID(check_scope(attempt, world));
  if (attempt.behaviour.verify_signatures) TRY_VOID(check_signature(attempt));
  if (!attempt.any_date && principal.kind != PrincipalKind::administrator) TRY_VOID(check_age(attempt));
  return principal;
}

}  // namespace

ServiceResult<Principal> authenticate(World& world, const AwsBehaviour& behaviour, const Call& call,
                                      const aws::HttpRequest& request, Instant now) {
  auto principal = identify(world, call);
  if (principal && principal->kind == PrincipalKind::anonymous) return *std::move(principal);
  if (!call.signature) {
    const bool unreadable = request.headers.find("authorization").has_value();
    return std::unexpected(unreadable ? incomplete_signature(call) : missing_signature(call));
  }
  if (!principal) return std::unexpected(unusable_credentials(call));
  if (partition_of_region(call.signature->region) != world.partition) {
    return std::unexpected(unusable_credentials(call));
  }

  Attempt attempt{behaviour, call, request, now};
  attempt.any_date = request.headers.find("x-sandbox-any-date") || request.headers.find("x-lab-any-date");
  if (principal->kind == PrincipalKind::administrator) {
    attempt.secret = administrator_secret;
    return check_all(attempt, world, *std::move(principal));
  }
  if (principal->session) {
    const auto& session = world.sessions.at(call.signature->key.str());
    TRY_VOID(check_session(attempt, world, session));
    attempt.secret = session.secret;
    attempt.token = session.token;
    return check_all(attempt, world, *std::move(principal));
  }
  const auto place = world.find_key(call.signature->key);
  TRY_VOID(check_users_key(attempt, place));
  attempt.secret = place.key->secret;
  auto checked = check_all(attempt, world, *std::move(principal));
  if (checked && behaviour.record_use && !attempt.any_date) {
    record_use(*place.key, {attempt.now, call.signature->service, call.signature->region}, behaviour.last_used_lag);
  }
  return checked;
}

}  // namespace rekeyer::sandbox
