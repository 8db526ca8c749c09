#include "aws/http/tls_peer.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/error.hpp>

namespace rekeyer::aws {

using boost::system::error_code;
namespace asio = boost::asio;

namespace {

bool is_address(const std::string& host) {
  error_code failure;
  asio::ip::make_address(host, failure);
  return !failure;
}

}  // namespace

bool is_cut(const error_code& failure) {
  return failure == asio::error::eof || failure == asio::error::connection_reset ||
         failure == asio::error::broken_pipe || failure == asio::error::connection_aborted ||
         failure == asio::ssl::error::stream_truncated;
}

std::string describe_handshake(SSL* tls, const error_code& failure) {
  const long verdict = SSL_get_verify_result(tls);
  if (verdict != X509_V_OK) {
    const std::string why = X509_verify_cert_error_string(verdict);
    const bool unknown_issuer =
        verdict == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY || verdict == X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN ||
        verdict == X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT || verdict == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT ||
        verdict == X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE || verdict == X509_V_ERR_CERT_SIGNATURE_FAILURE;
    return unknown_issuer ? fmt::format(
                                "its certificate is not trusted ({}); if a TLS-inspecting proxy or a private CA "
                                "is in between, set AWS_CA_BUNDLE to the CA's PEM file",
                                why)
                          : fmt::format("its certificate is refused: {}", why);
  }
  if (is_cut(failure)) return "the connection was closed during the handshake";
  return failure.message();
}

bool expect_host(SSL* tls, const std::string& host) {
  if (is_address(host)) return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls), host.c_str()) == 1;
  // The subject's common name is not one that its CA has checked: only alternative names count, as for every browser.
  SSL_set_hostflags(tls, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
  return SSL_set1_host(tls, host.c_str()) == 1 && SSL_set_tlsext_host_name(tls, host.c_str()) == 1;
}

}  // namespace rekeyer::aws
