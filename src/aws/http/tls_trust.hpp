// Whom TLS trusts: CA certificates from an explicit list of places, read when the first https request needs them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/error.hpp"

namespace boost::asio::ssl {
class context;
}

namespace rekeyer::aws {

struct TlsSettings {
  /// AWS_CA_BUNDLE: a PEM file, or a folder as `openssl rehash` makes it. Where it is set, nothing else is trusted.
  std::string ca_bundle;
  /// SSL_CERT_FILE: used where ca_bundle is empty.
  std::string ssl_cert_file;
  /// The first of these that exists is used where both are empty.
  std::vector<std::string> system_bundles{"/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/certs/ca-certificates.crt",
                                          "/etc/ssl/cert.pem"};

  /// Looks for ca-bundle.crt in the folder of a Lambda package before the system's places: whoever deployed it chose
  /// what is in it.
  void trust_package(const std::string& folder);
};

/// Can the certificates of `ca_bundle` be loaded? Whoever names a place learns of a mistake before the first call.
/// Fails with `usage`; where nothing is named, the system's are looked at by the first https request only.
Result<> check_named_bundle(const TlsSettings& settings);

class TlsTrust {
 public:
  explicit TlsTrust(TlsSettings settings);
  ~TlsTrust();
  TlsTrust(const TlsTrust&) = delete;
  TlsTrust& operator=(const TlsTrust&) = delete;

  /// The client context: TLS 1.2 or newer, the peer verified. Loads the certificates once. Fails with `not_sent`,
  /// saying where it looked and what to set.
  Result<boost::asio::ssl::context*> context();

 private:
  TlsSettings settings_;
  std::unique_ptr<boost::asio::ssl::context> context_;
};

}  // namespace rekeyer::aws
