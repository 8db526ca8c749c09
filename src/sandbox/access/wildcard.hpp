// Patterns of IAM policies: * and ?, which reach over every character.
#pragma once

#include <string_view>

namespace rekeyer::sandbox {

/// In a pattern the character after this one stands for itself: what a policy variable brought in is no wildcard.
inline constexpr char literal_mark = '\x01';

enum class Case { exact, ignored };

bool matches(std::string_view pattern, std::string_view text, Case how = Case::exact);
/// Each of an ARN's six parts by itself, so that a * can't swallow the account.
bool matches_arn(std::string_view pattern, std::string_view arn);

}  // namespace rekeyer::sandbox
