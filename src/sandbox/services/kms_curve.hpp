// ECDSA on the curve P-256, for the keys of KMS that sign.
#pragma once

#include <string>
#include <string_view>

#include "sandbox/access/digest.hpp"

namespace rekeyer::sandbox {

/// The public half of a private key (see Ids::signing_key), as KMS hands it out: a DER SubjectPublicKeyInfo.
std::string public_key_of(std::string_view private_key);

/// A DER signature over the digest. The same key and digest give the same signature (RFC 6979), so that a run that is
/// played again signs the same; KMS's own differ each time.
std::string signature_of(std::string_view private_key, const Digest& digest);

/// Is it a signature of this key over the digest? By OpenSSL's own check, which shares nothing with how it was made.
bool signed_by(std::string_view private_key, const Digest& digest, std::string_view signature);

}  // namespace rekeyer::sandbox
