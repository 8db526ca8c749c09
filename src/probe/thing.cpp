#include "probe/thing.hpp"

#include <algorithm>

namespace rekeyer::probe {
namespace {

constexpr std::size_t run_digits = 16;

}  // namespace

std::string_view name(Kind kind) {
  switch (kind) {
    case Kind::user: return "user";
    case Kind::secret: return "secret";
    case Kind::topic: return "topic";
  }
  return "";
}

std::optional<Kind> parse_kind(std::string_view text) {
  for (const auto kind : {Kind::user, Kind::secret, Kind::topic}) {
    if (name(kind) == text) return kind;
  }
  return std::nullopt;
}

std::string name_of(const RunId& run, std::string_view suffix) {
  return fmt::format("{}{}-{}", name_prefix, run, suffix);
}

std::optional<RunId> run_in_name(std::string_view name) {
  if (!name.starts_with(name_prefix)) return std::nullopt;
  name.remove_prefix(name_prefix.size());
  if (name.size() <= run_digits + 1 || name[run_digits] != '-') return std::nullopt;
  const auto run = name.substr(0, run_digits);
  if (!std::ranges::all_of(run, [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); })) return std::nullopt;
  return RunId(std::string(run));
}

bool tagged_by(const RunId& run, const aws::Tags& tags) {
  const auto tag = tags.find(std::string(tag_key));
  return tag != tags.end() && tag->second == run.str();
}

aws::Tags tags_of(const RunId& run) { return {{std::string(tag_key), run.str()}}; }

Arn topic_arn(std::string_view partition, const Thing& thing) {
  return Arn(fmt::format("arn:{}:sns:{}:{}:{}", partition, thing.region, thing.account, thing.name));
}

}  // namespace rekeyer::probe
