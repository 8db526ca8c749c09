#include "sandbox/faults/faults.hpp"

#include <array>
#include <span>

namespace rekeyer::sandbox {
namespace {

using enum FaultKind;

// What random faults are drawn from. A refusal after the call was performed would be a lie that AWS never tells, but a
// server fault, a lost reply and a proxy's page say nothing of what was performed.
constexpr std::array before_kinds{throttle, error, html, garbage, cut, delay, hang, expired};
constexpr std::array after_kinds{error, html, garbage, cut, truncate, delay, hang};

/// Longer than any client waits.
constexpr Milliseconds beyond_patience{120'000};
constexpr std::uint64_t longest_delay = 20'000;

bool applies(const FaultRule& rule, const Call& call, const AccountId& account, std::string_view body) {
  const bool named =
      rule.operation == "*" || rule.operation == call.operation || (rule.operation == "changing" && call.changing());
  return named && (rule.service.empty() || rule.service == call.service) &&
         (rule.account.empty() || rule.account == account) &&
         (rule.match.empty() || body.find(rule.match) != std::string_view::npos);
}

/// Only a session ends by itself.
bool makes_sense(FaultKind kind, const Call& call) {
  return kind != expired || (call.signature && call.signature->key.str().starts_with("ASIA"));
}

}  // namespace

void Faults::clear() {
  rules_.clear();
  random_faults_ = {};
}

std::optional<FaultRule> Faults::pick(const Call& call, const AccountId& account, std::string_view body) {
  for (FaultRule& rule : rules_) {
    if (!applies(rule, call, account, body)) continue;
    ++rule.seen;
    if (rule.seen <= rule.skip || (rule.times != 0 && rule.hit >= rule.times)) continue;
    ++rule.hit;
    return rule;
  }
  if (random_faults_.probability <= 0 || !(random_faults_.before || random_faults_.after)) return std::nullopt;
  if (!random_.chance(random_faults_.probability)) return std::nullopt;
  FaultRule drawn;
  drawn.after = random_faults_.after && (!random_faults_.before || random_.below(2) == 1);
  const std::span<const FaultKind> kinds = drawn.after ? std::span<const FaultKind>(after_kinds) : before_kinds;
  do {
    drawn.kind = kinds[random_.below(kinds.size())];
  } while (!makes_sense(drawn.kind, call));
  if (drawn.kind == hang) drawn.wait = beyond_patience;
  if (drawn.kind == delay) drawn.wait = Milliseconds(static_cast<std::int64_t>(random_.below(longest_delay)));
  return drawn;
}

}  // namespace rekeyer::sandbox
