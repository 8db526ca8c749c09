// Replies to decode: one account of the embedded AWS, drawn from a fixed seed and asked by its administrator. They are
// the bytes that the sandbox's own encoders write, and so no literal stands in a benchmark.
#pragma once

#include <cstddef>
#include <string>

#include "aws/http/json_writer.hpp"
#include "aws/http/message.hpp"
#include "aws/http/query.hpp"
#include "sandbox/sandbox.hpp"

namespace rekeyer::bench {

class AskedAccount {
 public:
  /// So many users, one of whom is rekeyer's own.
  explicit AskedAccount(std::size_t users);

  static Instant now();
  const AccountId& id() const { return account_; }
  /// `body` names the operation. Throws where the answer is a refusal: that is no reply to measure.
  aws::HttpResponse iam(aws::QueryBody body);
  aws::HttpResponse secrets_manager(std::string_view operation, aws::JsonWriter body);
  /// Gives the first `count` users a stored key each, with the tags that rekeyer writes.
  void store_secrets(std::size_t count);

 private:
  aws::HttpResponse ask(aws::HttpRequest request, std::string_view service);

  sandbox::Sandbox sandbox_;
  AccountId account_;
};

}  // namespace rekeyer::bench
