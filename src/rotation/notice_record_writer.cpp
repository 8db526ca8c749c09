#include "rotation/notice_record_writer.hpp"

#include <fmt/format.h>

#include "base/try.hpp"
#include "rotation/lock.hpp"
#include "rotation/secret_tags.hpp"
#include "rotation/user_state.hpp"

namespace rekeyer::rotation {
namespace {

/// Nothing of it was read before, so this only bounds how long a request may wait for its turn.
constexpr std::chrono::minutes sign_within{5};

}  // namespace

ResultTask<> write_notice_record(WriteAccess& access, const Settings& settings, Clock& clock, UserNotices user,
                                 policy::NoticeRecord record) {
  if (record == user.record) co_return Result<>{};
  // Minutes have gone by since the tag was read, and tags have no compare-and-set: the moment in which another run's
  // word can be lost is to be a short one. Where it can't be read again, that there was another run is unlikely, and
  // that its owner would be told twice is certain.
  const auto secret = co_await access.secrets().describe_secret(user.secret);
  if (secret) record = policy::reconciled(user.read, std::move(record), read_notice_record(*secret));
  const auto& subject = user.subject;
  const bool locks = lockable(access, settings, subject.account);
  if (secret && locks && !access.proofs().holds(*secret, subject.id)) {
    co_return fail(ErrorKind::conflict, fmt::format("secret {} is not rekeyer's, or not yet", user.secret));
  }
  const bool missing = !secret && secret.error().kind == ErrorKind::not_found;
  // There was none when it was read. One that is there by now and can't be looked at may be anybody's, or another run's
  // that has not proved it yet: with a record on it, it would be taken for somebody else's for good.
  if (!secret && !missing && locks && user.secret_arn.empty()) co_return fail(secret.error());
  CO_TRY(const auto tags, policy::notice_tags(record, secret ? secret->tags : policy::TagMap{}));
  const auto deadline = aws::SignBefore::at(clock.now() + sign_within);
  if (!missing) {
    auto tagged = co_await access.secrets_writer().tag_secret(user.secret, tags, deadline);
    if (!tagged && tagged.error().kind == ErrorKind::marked_for_deletion) {
      CO_TRY_VOID(co_await access.secrets_writer().restore_secret(user.secret, deadline));
      tagged = co_await access.secrets_writer().tag_secret(user.secret, tags, deadline);
    }
    if (tagged || tagged.error().kind != ErrorKind::not_found) co_return tagged;
  }
  co_return co_await make_record_secret(access, settings, user.subject, user.secret, tags, clock.now(), deadline);
}

}  // namespace rekeyer::rotation
