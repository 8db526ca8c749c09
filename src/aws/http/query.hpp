// Bodies of the AWS query protocol (IAM, STS, SNS), and percent-decoding.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/secret.hpp"

namespace rekeyer::aws {

/// The reverse of percent_encode(); "+" stays "+". Fails with `bad_reply` where a "%" is not followed by two
/// hexadecimal digits.
Result<std::string> percent_decode(std::string_view text);

/// `Action=X&Version=Y&Name=Value…`, in the order of the calls. Lists are written out by the caller:
/// "Tags.member.1.Key".
class QueryBody {
 public:
  static constexpr std::string_view content_type = "application/x-www-form-urlencoded; charset=utf-8";

  QueryBody(std::string_view action, std::string_view version);
  QueryBody& add(std::string_view name, std::string_view value);
  QueryBody& add(std::string_view name, const char* value) { return add(name, std::string_view(value)); }
  QueryBody& add(std::string_view name, std::integral auto value) {
    if constexpr (std::same_as<decltype(value), bool>) {
      return add(name, value ? "true" : "false");
    } else {
      return add(name, std::string_view(std::to_string(value)));
    }
  }
  /// The body; the builder is empty afterwards.
  WipedString finish();

 private:
  WipedString body_;
};

}  // namespace rekeyer::aws
