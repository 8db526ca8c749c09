// The stored form of a key, in the shape that the older systems' readers know. The one place where a secret is put into
// a document.
#pragma once

#include "aws/services/iam.hpp"
#include "base/secret.hpp"

namespace rekeyer::rotation {

/// {"AccessKeyId","SecretAccessKey","UserName","Status":"Active","CreateDate"} (docs/output.md).
WipedString secret_value(const aws::IssuedKey& key, const UserName& user);

}  // namespace rekeyer::rotation
