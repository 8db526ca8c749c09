// One call as a service sees it, whatever the protocol it came in: names, and an input tree of AWS's member names.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/http/message.hpp"
#include "base/names.hpp"

namespace rekeyer::sandbox {

enum class Protocol { query, json, rest_json, rest_xml };

/// The parts of an Authorization header, as they were sent.
struct SignatureHeader {
  AccessKeyId key;
  std::string date;  ///< of the scope: YYYYMMDD
  std::string region;
  std::string service;
  std::vector<std::string> signed_headers;
  std::string signature;
};

/// Input values of the query protocol are all strings; lists (`X.member.1`) are arrays, structures objects, and maps
/// (`X.entry.1.Name`) arrays of objects.
struct Call {
  Protocol protocol = Protocol::query;
  std::string service;    ///< signing name: "iam", "sts", "organizations", "secretsmanager", "s3", …
  std::string operation;  ///< "ListUsers"
  Region region;          ///< of the signature's scope
  boost::json::object input;
  std::optional<SignatureHeader> signature;  ///< nothing: the request is not signed

  /// A string member; nothing where it is missing or of another type.
  std::optional<std::string_view> text(std::string_view member) const;
  /// The same, or "".
  std::string_view text_or_empty(std::string_view member) const;
  /// A number, written as one or as text.
  std::optional<std::int64_t> integer(std::string_view member) const;
  std::optional<bool> boolean(std::string_view member) const;
  /// The strings of an array member; empty where it is missing.
  std::vector<std::string> texts(std::string_view member) const;
  /// [{"Key": …, "Value": …}] as pairs in order.
  std::vector<std::pair<std::string, std::string>> tags(std::string_view member = "Tags") const;
  const boost::json::array* list(std::string_view member) const;
  /// Would it change anything, by its name (Get…, List…, Describe…, Assume…, Generate…, Sign…: no)?
  bool changing() const;
};

/// Reads service, operation and input from a request: query bodies, AWS JSON 1.x, and the paths of SES v2, Account
/// Management and S3. An operation or a
/// service that can't be told is left empty; a body that can't be read leaves `input` empty and `malformed` true.
struct ParsedRequest {
  Call call;
  bool malformed = false;
};
ParsedRequest parse_request(const aws::HttpRequest& request);

}  // namespace rekeyer::sandbox
