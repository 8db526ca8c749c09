// Loading CA certificates. A static binary finds no compiled-in folder, so the places are a list, and finding none is
// an error.
#include "aws/http/tls_trust.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <boost/asio/ssl/context.hpp>
#include <filesystem>
#include <map>
#include <utility>

#include "base/try.hpp"

namespace rekeyer::aws {
namespace {

struct Source {
  std::string path;
  std::string_view from;  ///< what to correct where it can't be read
};

bool exists(const std::string& path) {
  std::error_code failure;
  return std::filesystem::exists(path, failure);
}

Result<Source> choose(const TlsSettings& settings) {
  if (!settings.ca_bundle.empty()) return Source{settings.ca_bundle, "AWS_CA_BUNDLE, or ca_bundle in the profile"};
  if (!settings.ssl_cert_file.empty()) return Source{settings.ssl_cert_file, "SSL_CERT_FILE"};
  for (const auto& path : settings.system_bundles) {
    if (exists(path)) return Source{path, "the system's bundle"};
  }
  return fail(ErrorKind::not_sent,
              fmt::format("no CA certificates to verify TLS with: neither AWS_CA_BUNDLE nor SSL_CERT_FILE is set, and "
                          "none of {} exists; set AWS_CA_BUNDLE to a PEM file",
                          fmt::join(settings.system_bundles, ", ")));
}

Result<void> load(SSL_CTX* context, const Source& source) {
  std::error_code failure;
  const bool folder = std::filesystem::is_directory(source.path, failure);
  if (folder && std::filesystem::is_empty(source.path, failure)) {
    return fail(ErrorKind::not_sent, fmt::format("the CA certificates can't be loaded: the folder {} ({}) is empty",
                                                 source.path, source.from));
  }
  const int loaded = folder ? SSL_CTX_load_verify_dir(context, source.path.c_str())
                            : SSL_CTX_load_verify_file(context, source.path.c_str());
  ERR_clear_error();
  // A missing folder is no error to OpenSSL, only a missing file is; is_directory has settled that.
  if (loaded == 1) return {};
  const std::string_view why = exists(source.path) ? "holds no readable PEM certificate" : "does not exist";
  return fail(ErrorKind::not_sent,
              fmt::format("the CA certificates can't be loaded: {} ({}) {}", source.path, source.from, why));
}

struct FreeStore {
  void operator()(X509_STORE* store) const { X509_STORE_free(store); }
};

/// What was loaded from a place, and when that was last changed.
struct Loaded {
  std::filesystem::file_time_type changed;
  std::unique_ptr<X509_STORE, FreeStore> store;
};

/// Reading a system's certificates takes 40 ms of a whole processor, many times the rest of a start, and a Lambda
/// function makes a transport for each invocation: all of a process share what was read once. Certificates are neither
/// secret nor bound to anything of the transport that read them.
Result<void> load_once(SSL_CTX* context, const Source& source) {
  static std::map<std::string, Loaded> stores;
  std::error_code unknown;
  const auto changed = std::filesystem::last_write_time(source.path, unknown);
  if (const auto known = stores.find(source.path); known != stores.end() && known->second.changed == changed) {
    SSL_CTX_set1_cert_store(context, known->second.store.get());
    return {};
  }
  TRY_VOID(load(context, source));
  auto* const store = SSL_CTX_get_cert_store(context);
  X509_STORE_up_ref(store);
  stores.insert_or_assign(source.path, Loaded{changed, std::unique_ptr<X509_STORE, FreeStore>(store)});
  return {};
}

}  // namespace

void TlsSettings::trust_package(const std::string& folder) {
  system_bundles.insert(system_bundles.begin(), (std::filesystem::path(folder) / "ca-bundle.crt").string());
}

Result<> check_named_bundle(const TlsSettings& settings) {
  if (settings.ca_bundle.empty()) return {};
  TlsTrust trust(settings);
  auto context = trust.context();
  if (context) return {};
  auto error = std::move(context).error();
  error.kind = ErrorKind::usage;
  return fail(std::move(error));
}

TlsTrust::TlsTrust(TlsSettings settings) : settings_(std::move(settings)) {}
TlsTrust::~TlsTrust() = default;

Result<boost::asio::ssl::context*> TlsTrust::context() {
  if (context_) return context_.get();
  TRY(const auto source, choose(settings_));
  auto context = std::make_unique<boost::asio::ssl::context>(boost::asio::ssl::context::tls_client);
  auto* const native = context->native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_verify(native, SSL_VERIFY_PEER, nullptr);
  // Replies hold secrets: OpenSSL must not keep the last one in its buffer.
  SSL_CTX_set_options(native, SSL_OP_CLEANSE_PLAINTEXT | SSL_OP_NO_COMPRESSION);
  TRY_VOID(load_once(native, source));
  context_ = std::move(context);
  return context_.get();
}

}  // namespace rekeyer::aws
