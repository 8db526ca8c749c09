// What AWS answers to one question, whole: a probe looks at status and code where clients only look at what they mean.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "aws/http/json.hpp"
#include "aws/http/xml.hpp"
#include "base/error.hpp"
#include "probe/finding.hpp"

namespace rekeyer::probe {

struct Answer {
  std::optional<Error> refusal;             ///< nothing: AWS did what it was asked
  int status = 0;                           ///< HTTP status of a refusal
  aws::XmlNode xml;                         ///< the result of a query service
  std::optional<aws::JsonValue> json = {};  ///< the result of a JSON service

  bool accepted() const { return !refusal; }
  bool refused_with(std::string_view code) const { return refusal && refusal->code == code; }
  /// "accepted", or "400 ResourceExistsException: …".
  std::string words() const;
};

/// How something is believed to be refused.
struct Refusal {
  int status = 400;
  std::initializer_list<std::string_view> codes;  ///< one of them
  std::string_view words = {};                    ///< in the message, whatever its case
};

/// Is it refused so? A denial of something that should be refused for another reason is no answer to the question.
Finding judge_refusal(const Answer& answer, const Refusal& believed);
/// The same of a denial that is asked for, by somebody who has no right: any other denial is a difference.
Finding judge_denial(const Answer& answer, const Refusal& believed);
/// Is it accepted?
Finding judge_acceptance(const Answer& answer);

}  // namespace rekeyer::probe
