#include "sandbox/services/kms_curve.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/params.h>
#include <openssl/x509.h>

#include <array>
#include <memory>
#include <span>
#include <stdexcept>

#include "base/freed.hpp"

namespace rekeyer::sandbox {
namespace {

constexpr std::size_t number_size = 32;
using Octets = std::array<unsigned char, number_size>;

using Number = std::unique_ptr<BIGNUM, Freed<BN_clear_free>>;
using Point = std::unique_ptr<EC_POINT, Freed<EC_POINT_free>>;
using PublicKey = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using PublicKeyContext = std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>>;
using EcdsaSignature = std::unique_ptr<ECDSA_SIG, Freed<ECDSA_SIG_free>>;

void must(bool done) {
  if (!done) throw std::runtime_error("P-256 failed");
}

Number number_of(std::string_view digits) {
  BIGNUM* made = nullptr;
  must(BN_hex2bn(&made, std::string(digits).c_str()) > 0);
  return Number(made);
}

Number number_of(std::span<const unsigned char> octets) {
  Number made(BN_bin2bn(octets.data(), static_cast<int>(octets.size()), nullptr));
  must(made != nullptr);
  return made;
}

Octets octets_of(const Number& number) {
  Octets octets{};
  must(BN_bn2binpad(number.get(), octets.data(), static_cast<int>(octets.size())) >= 0);
  return octets;
}

/// The curve, and what computing on it takes.
class Curve {
 public:
  Curve() : group_(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1)), memory_(BN_CTX_new()) {
    must(group_ != nullptr && memory_ != nullptr);
  }

  const EC_GROUP* group() const { return group_.get(); }
  const BIGNUM* order() const { return EC_GROUP_get0_order(group_.get()); }
  BN_CTX* memory() const { return memory_.get(); }

  /// The generator, so many times.
  Point times(const Number& number) const {
    Point point(EC_POINT_new(group()));
    must(point != nullptr && EC_POINT_mul(group(), point.get(), number.get(), nullptr, nullptr, memory()) == 1);
    return point;
  }
  Number within_order(const Number& number) const {
    Number rest(BN_new());
    must(rest != nullptr && BN_nnmod(rest.get(), number.get(), order(), memory()) == 1);
    return rest;
  }
  Number product(const Number& one, const Number& other) const {
    Number result(BN_new());
    must(result != nullptr && BN_mod_mul(result.get(), one.get(), other.get(), order(), memory()) == 1);
    return result;
  }
  Number sum(const Number& one, const Number& other) const {
    Number result(BN_new());
    must(result != nullptr && BN_mod_add(result.get(), one.get(), other.get(), order(), memory()) == 1);
    return result;
  }
  Number inverse(const Number& number) const {
    Number result(BN_mod_inverse(nullptr, number.get(), order(), memory()));
    must(result != nullptr);
    return result;
  }
  Number across(const Point& point) const {
    Number x(BN_new());
    must(x != nullptr && EC_POINT_get_affine_coordinates(group(), point.get(), x.get(), nullptr, memory()) == 1);
    return x;
  }

 private:
  std::unique_ptr<EC_GROUP, Freed<EC_GROUP_free>> group_;
  std::unique_ptr<BN_CTX, Freed<BN_CTX_free>> memory_;
};

PublicKey public_half(const Curve& curve, std::string_view private_key) {
  const Point point = curve.times(number_of(private_key));
  std::array<unsigned char, 2 * number_size + 1> octets{};
  must(EC_POINT_point2oct(curve.group(), point.get(), POINT_CONVERSION_UNCOMPRESSED, octets.data(), octets.size(),
                          curve.memory()) == octets.size());
  std::string group = SN_X9_62_prime256v1;
  std::array parameters{
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group.data(), group.size()),
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, octets.data(), octets.size()),
      OSSL_PARAM_construct_end(),
  };
  const PublicKeyContext making(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  EVP_PKEY* made = nullptr;
  must(making != nullptr && EVP_PKEY_fromdata_init(making.get()) == 1 &&
       EVP_PKEY_fromdata(making.get(), &made, EVP_PKEY_PUBLIC_KEY, parameters.data()) == 1);
  return PublicKey(made);
}

/// RFC 6979, section 3.2: numbers that follow from key and digest, one after the other until one serves.
class Nonces {
 public:
  Nonces(const Octets& key, const Octets& digest) {
    value_.fill(1);
    for (const char round : {'\0', '\1'}) {
      std::string seed = text_of(value_);
      seed += round;
      seed += text_of(key) + text_of(digest);
      secret_ = hmac_sha256(secret_, seed);
      value_ = hmac_sha256(secret_, text_of(value_));
    }
  }

  Number next(const Curve& curve) {
    for (;;) {
      if (used_) {
        secret_ = hmac_sha256(secret_, text_of(value_) + '\0');
        value_ = hmac_sha256(secret_, text_of(value_));
      }
      used_ = true;
      value_ = hmac_sha256(secret_, text_of(value_));
      Number number = number_of(value_);
      if (!BN_is_zero(number.get()) && BN_cmp(number.get(), curve.order()) < 0) return number;
    }
  }

 private:
  static std::string text_of(const Octets& octets) {
    return {reinterpret_cast<const char*>(octets.data()), octets.size()};
  }

  Octets secret_{};
  Octets value_{};
  bool used_ = false;
};

std::string encoded(Number r, Number s) {
  const EcdsaSignature signature(ECDSA_SIG_new());
  // Both are the signature's then.
  must(signature != nullptr && ECDSA_SIG_set0(signature.get(), r.release(), s.release()) == 1);
  unsigned char* written = nullptr;
  const int size = i2d_ECDSA_SIG(signature.get(), &written);
  must(size > 0);
  std::string der(reinterpret_cast<const char*>(written), static_cast<std::size_t>(size));
  OPENSSL_free(written);
  return der;
}

}  // namespace

std::string public_key_of(std::string_view private_key) {
  const PublicKey key = public_half(Curve(), private_key);
  unsigned char* written = nullptr;
  const int size = i2d_PUBKEY(key.get(), &written);
  must(size > 0);
  std::string der(reinterpret_cast<const char*>(written), static_cast<std::size_t>(size));
  OPENSSL_free(written);
  return der;
}

std::string signature_of(std::string_view private_key, const Digest& digest) {
  const Curve curve;
  const Number key = number_of(private_key);
  const Number message = curve.within_order(number_of(std::span<const unsigned char>(digest)));
  Nonces nonces(octets_of(key), octets_of(message));
  for (;;) {
    const Number nonce = nonces.next(curve);
    Number r = curve.within_order(curve.across(curve.times(nonce)));
    Number s = curve.product(curve.inverse(nonce), curve.sum(message, curve.product(r, key)));
    if (!BN_is_zero(r.get()) && !BN_is_zero(s.get())) return encoded(std::move(r), std::move(s));
  }
}

bool signed_by(std::string_view private_key, const Digest& digest, std::string_view signature) {
  const PublicKey key = public_half(Curve(), private_key);
  const PublicKeyContext checking(EVP_PKEY_CTX_new(key.get(), nullptr));
  must(checking != nullptr && EVP_PKEY_verify_init(checking.get()) == 1);
  return EVP_PKEY_verify(checking.get(), reinterpret_cast<const unsigned char*>(signature.data()), signature.size(),
                         digest.data(), digest.size()) == 1;
}

}  // namespace rekeyer::sandbox
