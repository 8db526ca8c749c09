#include "rehearsal/owners.hpp"

#include <algorithm>

namespace rekeyer::rehearsal {
namespace {

using std::chrono::days;

constexpr Period daily_within = days{2};
constexpr Period weekly_within = days{10};
constexpr Period monthly_within = days{45};
constexpr unsigned ten_thousand = 10'000;

/// A number that looks random and depends on all of `state`; an engine of its own for every user would cost more than
/// all its decisions.
std::uint64_t mixed(std::uint64_t state) {
  state += 0x9e3779b97f4a7c15U;
  state = (state ^ (state >> 30U)) * 0xbf58476d1ce4e5b9U;
  state = (state ^ (state >> 27U)) * 0x94d049bb133111ebU;
  return state ^ (state >> 31U);
}

std::uint64_t mixed(std::uint64_t state, std::string_view text) {
  for (const char c : text) state = mixed(state ^ static_cast<unsigned char>(c));
  return state;
}

}  // namespace

std::optional<Instant> Uses::latest(Instant now) const {
  if (none()) return std::nullopt;
  const Instant last = until == Instant::max() ? now : std::min(now, until - Milliseconds{1});
  if (last < anchor) return std::nullopt;
  const Instant use = anchor + (last - anchor) / every * every;
  return use >= from ? std::optional(use) : std::nullopt;
}

std::optional<Instant> Uses::next(Instant now) const {
  if (none()) return std::nullopt;
  const Instant first = std::max(now + Milliseconds{1}, from);
  const Milliseconds step = every;
  const Instant use = first <= anchor ? anchor : anchor + (first - anchor + step - Milliseconds{1}) / step * step;
  return use < until ? std::optional(use) : std::nullopt;
}

std::string_view name(Rhythm rhythm) {
  switch (rhythm) {
    case Rhythm::daily: return "daily";
    case Rhythm::weekly: return "weekly";
    case Rhythm::monthly: return "monthly";
    case Rhythm::abandoned: return "abandoned";
    case Rhythm::never: return "never";
  }
  return "";
}

Rhythm rhythm_of(const LastUse& last_use, Instant now) {
  if (last_use.state == LastUse::State::unknown) return Rhythm::daily;
  if (last_use.state == LastUse::State::never) return Rhythm::never;
  const auto ago = now - last_use.at;
  if (ago <= daily_within) return Rhythm::daily;
  if (ago <= weekly_within) return Rhythm::weekly;
  return ago <= monthly_within ? Rhythm::monthly : Rhythm::abandoned;
}

Uses uses_of(const LastUse& last_use, Instant now) {
  Uses uses;
  uses.anchor = last_use.state == LastUse::State::used ? last_use.at : now;
  switch (rhythm_of(last_use, now)) {
    case Rhythm::daily: uses.every = days{1}; break;
    case Rhythm::weekly: uses.every = days{7}; break;
    case Rhythm::monthly: uses.every = days{30}; break;
    case Rhythm::abandoned:
    case Rhythm::never: break;
  }
  return uses;
}

Owner::Owner(const Behaviour& behaviour, std::string_view account, std::string_view user)
    : behaviour_(behaviour), seed_(mixed(mixed(mixed(behaviour.seed), account), user)) {}

bool Owner::never_installs() const { return mixed(seed_ ^ 1U) % ten_thousand < behaviour_.never_install; }

Period Owner::installs_after(unsigned number) const {
  // Two draws added: most are near the typical time, few at the ends.
  const auto first = mixed(seed_ + 2U + 2U * std::uint64_t{number}) % (ten_thousand + 1);
  const auto second = mixed(seed_ + 3U + 2U * std::uint64_t{number}) % (ten_thousand + 1);
  return behaviour_.install_after * static_cast<std::int64_t>(first + second) / ten_thousand;
}

}  // namespace rekeyer::rehearsal
