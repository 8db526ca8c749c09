// From a service's output tree to the bytes of its protocol. Own encoders: nothing is shared with aws/, or a mistake in
// one would be hidden by the same mistake in the other.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "aws/http/message.hpp"
#include "base/time.hpp"
#include "sandbox/wire/call.hpp"
#include "sandbox/wire/service_error.hpp"

namespace rekeyer::sandbox {

/// The reply's tree in the protocol of `call`: XML (`<XResponse><XResult>…`), or JSON. In a tree for the query protocol
/// an array becomes `<member>` elements, an object its members, a bool true/false, a string its escaped text; an object
/// with the one member "entry" (an array of {key, value}) is a map. Operations without output give an empty tree.
aws::HttpResponse success(const Call& call, const boost::json::object& output, std::string_view request_id);
aws::HttpResponse failure(const Call& call, const ServiceError& refusal, std::string_view request_id);

/// Time stamps as output trees carry them: IAM and STS spell ISO 8601, the JSON services count seconds.
std::string xml_time(Instant instant);
double json_time(Instant instant);
/// RFC 9110: "Fri, 02 Jan 2026 03:04:05 GMT".
std::string http_date(Instant instant);

/// RFC 3986, every byte but the unreserved ones: policy documents inside IAM's replies.
std::string percent_encoded(std::string_view text);

}  // namespace rekeyer::sandbox
