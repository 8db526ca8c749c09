// Requests to S3, which has neither targets nor forms: the method, the path and a few names of the query tell the
// operation.
#pragma once

#include "sandbox/wire/call.hpp"

namespace rekeyer::sandbox {

/// Path style only. The input has Bucket, Key, the query's parameters, and of PutObject the Body.
void read_object_request(const aws::HttpRequest& request, ParsedRequest& parsed);

}  // namespace rekeyer::sandbox
