// What transports of one process share of their trust, and what they do not.
#include "aws/http/tls_trust.hpp"

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <boost/asio/ssl/context.hpp>
#include <chrono>
#include <filesystem>

#include "aws/http/loopback_server.hpp"

namespace rekeyer::aws {
namespace {

class TlsTrustTest : public testing::Test {
 protected:
  X509_STORE* store_of(TlsTrust& trust) {
    const auto context = trust.context();
    return context ? SSL_CTX_get_cert_store((*context)->native_handle()) : nullptr;
  }

  TestCertificates certificates_;
  TlsSettings settings_{.ca_bundle = certificates_.ca_file(), .ssl_cert_file = {}, .system_bundles = {}};
};

TEST_F(TlsTrustTest, CertificatesOfOnePlaceAreReadOnce) {
  TlsTrust first(settings_);
  TlsTrust second(settings_);
  ASSERT_NE(store_of(first), nullptr);
  EXPECT_EQ(store_of(first), store_of(second));
  EXPECT_NE(*first.context(), *second.context()) << "what is not about trust stays each transport's own";
}

TEST_F(TlsTrustTest, CertificatesThatWereChangedAreReadAnew) {
  TlsTrust first(settings_);
  const auto* before = store_of(first);
  std::filesystem::last_write_time(settings_.ca_bundle,
                                   std::filesystem::last_write_time(settings_.ca_bundle) + std::chrono::seconds(1));
  TlsTrust second(settings_);
  EXPECT_NE(store_of(second), before);
}

TEST_F(TlsTrustTest, CertificatesThatAreGoneAreNotTrustedAnyMore) {
  TlsTrust first(settings_);
  ASSERT_NE(store_of(first), nullptr);
  std::filesystem::remove(settings_.ca_bundle);
  TlsTrust second(settings_);
  EXPECT_FALSE(second.context());
}

}  // namespace
}  // namespace rekeyer::aws
