// HTTP messages as values: what the signer signs, the transport carries and the sandbox answers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"

namespace rekeyer::aws {

/// Header fields in order; names compare without case. Values are wiped when they go: a session token is among them.
class Headers {
 public:
  struct Field {
    std::string name;
    std::string value;
  };
  Headers() = default;
  Headers(const Headers&) = default;
  Headers(Headers&&) noexcept = default;
  Headers& operator=(Headers other) noexcept;
  ~Headers();

  void add(std::string_view name, std::string_view value);
  /// Replaces every field of that name.
  void set(std::string_view name, std::string_view value);
  void remove(std::string_view name);
  /// The first field of that name.
  std::optional<std::string_view> find(std::string_view name) const;
  const std::vector<Field>& fields() const { return fields_; }

 private:
  std::vector<Field> fields_;
};

/// Where a request goes. `path` and `query` are as they stand on the request line: already percent-encoded.
struct Url {
  std::string scheme;  ///< "http" or "https"
  std::string host;    ///< a name or an address; IPv6 without brackets
  std::uint16_t port = 443;
  std::string path = "/";
  std::string query;  ///< without "?"; may be empty

  /// The Host header: the port only where it is not the scheme's own.
  std::string host_header() const;
  /// Path and query.
  std::string target() const;
  std::string str() const;
  bool operator==(const Url&) const = default;
};

/// http:// or https:// only, without a user name, password or fragment. Scheme and host become lower case, an empty
/// path "/". Fails with `usage` and says what is wrong; a text that may hold a password is not repeated in the message.
Result<Url> parse_url(std::string_view text);

struct HttpRequest {
  std::string method = "GET";
  Url url;
  Headers headers;
  WipedString body;
  /// For the whole exchange: connect, send, receive.
  Milliseconds timeout{30'000};
  /// A lost reply may be answered by sending once more (the transport does so only for a stale reused connection).
  bool repeatable = false;
  /// Metadata endpoints never go through a proxy.
  bool use_proxy = true;
  /// A longer body fails with `bad_reply`.
  std::size_t body_limit = std::size_t{64} << 20;
};

struct HttpResponse {
  int status = 0;
  Headers headers;
  WipedString body;
};

}  // namespace rekeyer::aws
