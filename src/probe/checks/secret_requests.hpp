// Requests to Secrets Manager as the checks make them: with values that are no secrets.
#pragma once

#include <string>

#include "probe/bench.hpp"

namespace rekeyer::probe {

/// A version's id of this run: 36 characters, the same for the same number.
std::string token_of(const Bench& bench, int number);

struct Stored {
  std::string token;
  std::string value;       ///< no secret
  std::string label = {};  ///< empty: AWSCURRENT, by AWS's own rule
};
Task<Answer> put_value(Client client, SecretName secret, Stored stored);

struct LabelMove {
  std::string label;
  std::string from;  ///< empty: not named
  std::string to;    ///< empty: taken off
};
Task<Answer> move_label(Client client, SecretName secret, LabelMove move);

/// The member `Tags`.
void add_tags(aws::JsonWriter& body, const aws::Tags& tags);

/// PutResourcePolicy, with BlockPublicPolicy.
Task<Answer> put_policy(Client client, SecretName secret, std::string policy);

/// A secret's policy that lets one user read its value.
std::string reading_policy(const Arn& user);

/// A request about a secret: `{"SecretId": …`, to be added to and ended.
aws::JsonWriter request_about(const SecretName& secret);

/// Fails as the answer does: for calls that only prepare a question.
Result<> accepted(Answer answer);

/// "version 1: AWSCURRENT; version 2: AWSPENDING"
std::string labels_text(const Bench& bench, const aws::SecretDescription& secret);

}  // namespace rekeyer::probe
