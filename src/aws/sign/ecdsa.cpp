#include "aws/sign/ecdsa.hpp"

#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <array>

#include "base/freed.hpp"

namespace rekeyer::aws {
namespace {

constexpr std::size_t half = 32;  ///< of a signature of P-256

using Signature = std::unique_ptr<ECDSA_SIG, Freed<ECDSA_SIG_free>>;
using Number = std::unique_ptr<BIGNUM, Freed<BN_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;

const unsigned char* bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

/// OpenSSL verifies signatures in DER.
std::string as_der(std::string_view raw) {
  Signature signature(ECDSA_SIG_new());
  Number r(BN_bin2bn(bytes(raw), static_cast<int>(half), nullptr));
  Number s(BN_bin2bn(bytes(raw.substr(half)), static_cast<int>(half), nullptr));
  if (!signature || !r || !s) return {};
  // It owns both from here on.
  if (ECDSA_SIG_set0(signature.get(), r.release(), s.release()) != 1) return {};
  const int length = i2d_ECDSA_SIG(signature.get(), nullptr);
  if (length <= 0) return {};
  std::string der(static_cast<std::size_t>(length), '\0');
  auto* out = reinterpret_cast<unsigned char*>(der.data());
  i2d_ECDSA_SIG(signature.get(), &out);
  return der;
}

bool is_p256(EVP_PKEY* key) {
  std::array<char, 32> name{};
  std::size_t length = 0;
  return EVP_PKEY_get_base_id(key) == EVP_PKEY_EC &&
         EVP_PKEY_get_group_name(key, name.data(), name.size(), &length) == 1 &&
         std::string_view(name.data(), length) == "prime256v1";
}

}  // namespace

Result<EcdsaPublicKey> EcdsaPublicKey::from_der(std::string_view der) {
  const auto* in = bytes(der);
  std::shared_ptr<EVP_PKEY> key(d2i_PUBKEY(nullptr, &in, static_cast<long>(der.size())), EVP_PKEY_free);
  if (!key || !is_p256(key.get())) return fail(ErrorKind::bad_reply, "the key is no public key of the curve P-256");
  return EcdsaPublicKey(std::move(key));
}

bool EcdsaPublicKey::verifies(std::string_view message, std::string_view signature) const {
  if (signature.size() != 2 * half) return false;
  const auto der = as_der(signature);
  const DigestContext context(EVP_MD_CTX_new());
  auto* key = static_cast<EVP_PKEY*>(key_.get());
  return !der.empty() && context && EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
         EVP_DigestVerify(context.get(), bytes(der), der.size(), bytes(message), message.size()) == 1;
}

Result<std::string> raw_signature(std::string_view der) {
  const auto* in = bytes(der);
  const Signature signature(d2i_ECDSA_SIG(nullptr, &in, static_cast<long>(der.size())));
  std::string raw(2 * half, '\0');
  auto* out = reinterpret_cast<unsigned char*>(raw.data());
  const bool fits = signature && BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), out, static_cast<int>(half)) == half &&
                    BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), out + half, static_cast<int>(half)) == half;
  if (!fits) return fail(ErrorKind::bad_reply, "the reply holds no signature of the curve P-256");
  return raw;
}

}  // namespace rekeyer::aws
