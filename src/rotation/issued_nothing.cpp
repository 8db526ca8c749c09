#include "rotation/issued_nothing.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "policy/intent.hpp"
#include "policy/tag_words.hpp"

namespace rekeyer::rotation {
namespace {

constexpr std::string_view refusal_field = "store";
constexpr std::string_view no_code = "unknown";

/// "20260401T060000Z:AccessDeniedException".
std::optional<StoreRefusal> parse_refusal(std::string_view text) {
  const auto parts = split(text, ':');
  if (parts.size() != 2 || !policy::one_word(parts[1])) return std::nullopt;
  const auto at = policy::parse_tag_instant(parts[0]);
  if (!at) return std::nullopt;
  return StoreRefusal{*at, std::string(parts[1])};
}

}  // namespace

std::string encode(const IssuedNothing& noted) {
  if (!noted.refusal) return noted.run.str();
  const auto at = policy::tag_instant(noted.refusal->at);
  if (!at) return noted.run.str();
  const std::string_view code = policy::one_word(noted.refusal->code) ? noted.refusal->code : no_code;
  return fmt::format("{} {}={}:{}", noted.run, refusal_field, *at, code);
}

std::optional<IssuedNothing> read_issued_nothing(const policy::TagMap& tags) {
  const auto* tag = policy::value_of(tags, policy::issued_nothing_tag);
  if (tag == nullptr) return std::nullopt;
  const auto words = split(*tag, ' ');
  if (words.empty() || words.size() > 2 || words[0].empty()) return std::nullopt;
  IssuedNothing noted{RunId(std::string(words[0])), std::nullopt};
  if (words.size() == 1) return noted;
  if (const auto refusal = policy::field(words[1], refusal_field)) noted.refusal = parse_refusal(*refusal);
  return noted;
}

bool waits(const StoreRefusal& refusal, Instant now) { return refusal.at <= now && now < refusal.next_try(); }

}  // namespace rekeyer::rotation
