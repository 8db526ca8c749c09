#include "aws/auth/cached_provider.hpp"

#include <fmt/format.h>

#include "base/concurrency.hpp"
#include "base/log.hpp"

namespace rekeyer::aws {
namespace {

constexpr Milliseconds just_now = std::chrono::seconds{10};

}  // namespace

/// One question to the source that any number of tasks wait for.
struct CachedProvider::Fetch {
  Gate done;
  Result<SharedCredentials> result = fail(ErrorKind::cancelled, "the fetch of credentials was given up");
};

CachedProvider::CachedProvider(SharedProvider source, Clock& clock, RefreshWindows windows)
    : source_(std::move(source)), clock_(clock), windows_(windows) {}

CachedProvider::~CachedProvider() = default;

CachedProvider::Need CachedProvider::need() const {
  if (!current_) return Need::mandatory;
  if (!current_->expiration) return Need::none;
  const auto now = clock_.now();
  const auto left = *current_->expiration - now;
  if (left <= Milliseconds::zero()) return Need::mandatory;
  // The source may give out credentials that have only minutes left (it has no newer ones): use them, ask now and then.
  const bool asked_lately = last_attempt_ && now - *last_attempt_ < windows_.pause;
  const bool fresh = last_success_ && now - *last_success_ < windows_.pause;
  if (left <= windows_.mandatory) return fresh ? Need::none : Need::mandatory;
  if (left <= windows_.advisory) return asked_lately ? Need::none : Need::advisory;
  return Need::none;
}

ResultTask<SharedCredentials> CachedProvider::get() {
  const auto how = need();
  if (how == Need::none) co_return current_;
  if (how == Need::advisory) {
    if (under_way_) co_return current_;
    const auto fetched = co_await fetch();
    if (fetched) co_return *fetched;
    log::warn("credentials could not be refreshed ahead of time; the present ones stay in use",
              {{"provider", source_->describe()}, {"error", rekeyer::describe(fetched.error())}});
    // The fetch took its time: what is left may have run out meanwhile.
    if (current_ && current_->expiration && *current_->expiration > clock_.now()) co_return current_;
    co_return fail(fetched.error());
  }
  if (under_way_) {
    auto joined = co_await join(under_way_);
    co_return joined;
  }
  auto fetched = co_await fetch();
  co_return fetched;
}

ResultTask<SharedCredentials> CachedProvider::join(std::shared_ptr<Fetch> fetch) {
  co_await fetch->done.wait();
  co_return fetch->result;
}

ResultTask<SharedCredentials> CachedProvider::fetch() {
  const auto fetch = std::make_shared<Fetch>();
  under_way_ = fetch;
  last_attempt_ = clock_.now();
  const auto finish = [&] {
    under_way_.reset();
    fetch->done.open();
  };
  try {
    auto fetched = co_await source_->get();
    fetch->result = checked(std::move(fetched));
  } catch (...) {
    // A cancelled task or a bug: those who wait are told, and the next one asks again.
    finish();
    throw;
  }
  if (fetch->result) {
    current_ = *fetch->result;
    last_success_ = clock_.now();
  }
  finish();
  co_return fetch->result;
}

Result<SharedCredentials> CachedProvider::checked(Result<SharedCredentials> result) const {
  if (!result) return result;
  const auto& end = (*result)->expiration;
  if (end && *end <= clock_.now()) {
    return fail(ErrorKind::credentials_expired,
                fmt::format("{}: the credentials expired at {}", source_->describe(), iso8601(*end)));
  }
  return result;
}

void CachedProvider::invalidate() {
  if (under_way_) return;
  if (last_success_ && clock_.now() - *last_success_ < just_now) return;
  current_.reset();
}

}  // namespace rekeyer::aws
