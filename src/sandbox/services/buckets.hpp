// What the files of S3 share: which bucket a call means, and times as S3 writes them.
#pragma once

#include <string>

#include "sandbox/services/service.hpp"

namespace rekeyer::sandbox {

/// The caller's own bucket that the call names. Refused where it is another account's (there are no bucket policies),
/// is not there, or is in another region than the one that was asked.
ServiceResult<Bucket*> wanted_bucket(const Call& call, const Context& context);

/// With the quotation marks that belong to it. No MD5, as of objects that KMS encrypts.
std::string entity_tag(std::string_view bytes);

}  // namespace rekeyer::sandbox
