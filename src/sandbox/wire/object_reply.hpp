// Replies of S3 (rest-xml): some members travel in headers, one is the body itself, lists stand without a frame.
#pragma once

#include <boost/json/object.hpp>

#include "sandbox/wire/call.hpp"
#include "sandbox/wire/service_error.hpp"

namespace rekeyer::sandbox {

/// In the tree, an array is its elements one after the other under its own name.
aws::HttpResponse object_reply(const Call& call, const boost::json::object& output, std::string_view request_id);
aws::HttpResponse object_refusal(const Call& call, const ServiceError& refusal, std::string_view request_id);

}  // namespace rekeyer::sandbox
