// What a probe makes on AWS: how it is named, so that it is recognized as a probe's and nothing else ever is.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "aws/services/iam.hpp"
#include "base/names.hpp"

namespace rekeyer::probe {

enum class Kind { user, secret, topic };
/// "user", "secret", "topic".
std::string_view name(Kind kind);
std::optional<Kind> parse_kind(std::string_view text);

struct Thing {
  Kind kind = Kind::user;
  AccountId account;
  Region region;  ///< where it is; of a user: where the run was
  RunId run;
  std::string name;  ///< of a topic too: its ARN follows from it
  bool operator==(const Thing&) const = default;
};

/// Every name begins so, followed by the run's 16 hexadecimal digits and a hyphen.
inline constexpr std::string_view name_prefix = "rekeyer-probe-";
/// Users' path, by which they are listed.
inline constexpr std::string_view user_path = "/rekeyer-probe/";
/// Its value is the run.
inline constexpr std::string_view tag_key = "rekeyer:probe";

std::string name_of(const RunId& run, std::string_view suffix);
/// The run that such a name tells; nothing for a name that no probe gives.
std::optional<RunId> run_in_name(std::string_view name);

/// Is what carries these tags that run's? The name alone is not enough to take something away.
bool tagged_by(const RunId& run, const aws::Tags& tags);
aws::Tags tags_of(const RunId& run);

Arn topic_arn(std::string_view partition, const Thing& thing);

}  // namespace rekeyer::probe
