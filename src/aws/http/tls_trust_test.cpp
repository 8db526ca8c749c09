// What transports of one process share of their trust, and what they do not.
#include "aws/http/tls_trust.hpp"

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <boost/asio/ssl/context.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>

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

TEST_F(TlsTrustTest, ANamedPlaceIsLookedAtBeforeAnyCall) {
  EXPECT_TRUE(check_named_bundle(settings_));
  EXPECT_TRUE(check_named_bundle({.ca_bundle = {}, .ssl_cert_file = {}, .system_bundles = {}})) << "nothing is named";
  const auto problem = [&](const std::string& path) {
    const auto checked = check_named_bundle({.ca_bundle = path, .ssl_cert_file = {}, .system_bundles = {}});
    return checked ? "none" : std::string(name(checked.error().kind)) + ": " + checked.error().message;
  };
  const auto folder = std::filesystem::path(settings_.ca_bundle).parent_path();
  const auto empty = (folder / "empty").string();
  std::filesystem::create_directory(empty);
  const auto text = (folder / "text").string();
  std::ofstream(text) << "no certificate";
  const std::string beginning = "usage: the CA certificates can't be loaded: ";
  EXPECT_EQ(problem("/not/there"),
            beginning + "/not/there (AWS_CA_BUNDLE, or ca_bundle in the profile) does not exist");
  EXPECT_EQ(problem(text),
            beginning + text + " (AWS_CA_BUNDLE, or ca_bundle in the profile) holds no readable PEM certificate");
  EXPECT_EQ(problem(empty),
            beginning + "the folder " + empty + " (AWS_CA_BUNDLE, or ca_bundle in the profile) is empty");
}

}  // namespace
}  // namespace rekeyer::aws
