// What every TLS client here asks of its peer: the name in its certificate; and a refusal in words that lead to the
// cure.
#pragma once

#include <boost/system/error_code.hpp>
#include <string>

struct ssl_st;  // OpenSSL's SSL, whose headers stay in the .cpp files

namespace rekeyer::aws {

/// SNI and the name that the certificate must carry. An address is looked for among the certificate's addresses.
/// False where the name can't be used at all.
bool expect_host(ssl_st* tls, const std::string& host);

/// Why a TLS handshake failed.
std::string describe_handshake(ssl_st* tls, const boost::system::error_code& failure);

/// The other side went away, whatever the layer calls it.
bool is_cut(const boost::system::error_code& failure);

}  // namespace rekeyer::aws
