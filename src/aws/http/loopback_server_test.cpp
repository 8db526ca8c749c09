#include "aws/http/loopback_server.hpp"

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cstdlib>
#include <filesystem>
#include <optional>

#include "base/freed.hpp"

namespace rekeyer::aws {

namespace asio = boost::asio;
namespace ssl = asio::ssl;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

std::size_t content_length(const std::string& head) {
  const auto found = head.find("\r\nContent-Length: ");
  return found == std::string::npos ? 0 : std::strtoul(head.c_str() + found + 18, nullptr, 10);
}

class SocketPeer final : public Peer {
 public:
  SocketPeer(tcp::socket socket, int number) : socket_(std::move(socket)), number_(number) {}

  Task<std::string> request() override {
    for (;;) {
      const auto end = pending_.find("\r\n\r\n");
      if (end != std::string::npos) {
        const auto whole = end + 4 + content_length(pending_.substr(0, end + 2));
        if (pending_.size() >= whole) {
          std::string result = pending_.substr(0, whole);
          pending_.erase(0, whole);
          co_return result;
        }
      }
      const auto more = co_await read();
      if (more.empty()) co_return std::string();
      pending_ += more;
    }
  }

  Task<std::string> bytes() override {
    if (!pending_.empty()) co_return std::exchange(pending_, {});
    auto more = co_await read();
    co_return more;
  }

  Task<void> send(std::string text) override {
    error_code failure;
    auto done = asio::redirect_error(asio::use_awaitable, failure);
    if (tls_) {
      co_await asio::async_write(*tls_, asio::buffer(text), done);
    } else {
      co_await asio::async_write(socket_, asio::buffer(text), done);
    }
  }

  Task<bool> start_tls(std::string certificate_file) override {
    context_.emplace(ssl::context::tls_server);
    context_->use_certificate_chain_file(certificate_file);
    context_->use_private_key_file(certificate_file, ssl::context::pem);
    tls_.emplace(socket_, *context_);
    error_code failure;
    co_await tls_->async_handshake(ssl::stream_base::server, asio::redirect_error(asio::use_awaitable, failure));
    co_return !failure;
  }

  std::string server_name() const override {
    const char* name =
        tls_ ? SSL_get_servername(const_cast<TlsStream&>(*tls_).native_handle(), TLSEXT_NAMETYPE_host_name) : nullptr;
    return name == nullptr ? "" : name;
  }

  Task<void> relay_to(std::uint16_t port) override {
    using namespace asio::experimental::awaitable_operators;
    tcp::socket other(socket_.get_executor());
    error_code failure;
    co_await other.async_connect({asio::ip::address_v4::loopback(), port},
                                 asio::redirect_error(asio::use_awaitable, failure));
    if (failure) co_return;
    co_await (forward(other) || backward(other));
  }

  void close() override {
    error_code ignored;
    socket_.close(ignored);
  }
  int number() const override { return number_; }

 private:
  using TlsStream = ssl::stream<tcp::socket&>;

  Task<std::string> read() {
    std::string buffer(16384, '\0');
    error_code failure;
    auto done = asio::redirect_error(asio::use_awaitable, failure);
    std::size_t count = 0;
    if (tls_) {
      count = co_await tls_->async_read_some(asio::buffer(buffer), done);
    } else {
      count = co_await socket_.async_read_some(asio::buffer(buffer), done);
    }
    buffer.resize(count);
    co_return buffer;
  }
  Task<void> forward(tcp::socket& other) {
    for (;;) {
      const auto more = co_await bytes();
      error_code failure;
      co_await asio::async_write(other, asio::buffer(more), asio::redirect_error(asio::use_awaitable, failure));
      if (more.empty() || failure) co_return;
    }
  }
  Task<void> backward(tcp::socket& other) {
    for (;;) {
      std::string buffer(16384, '\0');
      error_code failure;
      const auto count =
          co_await other.async_read_some(asio::buffer(buffer), asio::redirect_error(asio::use_awaitable, failure));
      if (failure) co_return;
      buffer.resize(count);
      co_await send(buffer);
    }
  }

  tcp::socket socket_;
  std::optional<ssl::context> context_;
  std::optional<TlsStream> tls_;
  std::string pending_;
  int number_;
};

void rethrow(std::exception_ptr thrown) {
  if (thrown) std::rethrow_exception(thrown);
}

}  // namespace

struct LoopbackServer::State {
  State(asio::io_context& in_context, Script with_script)
      : context(in_context),
        acceptor(in_context, {asio::ip::address_v4::loopback(), 0}),
        script(std::move(with_script)) {}

  static Task<void> serve(std::shared_ptr<State> state, tcp::socket socket) {
    SocketPeer peer(std::move(socket), ++state->connections);
    state->most_open = std::max(state->most_open, ++state->open);
    co_await state->script(peer);
    --state->open;
  }
  static Task<void> accept(std::shared_ptr<State> state) {
    for (;;) {
      error_code failure;
      auto socket = co_await state->acceptor.async_accept(asio::redirect_error(asio::use_awaitable, failure));
      if (failure) co_return;
      asio::co_spawn(state->context, serve(state, std::move(socket)), rethrow);
    }
  }

  asio::io_context& context;
  tcp::acceptor acceptor;
  Script script;
  int connections = 0;
  int open = 0;
  int most_open = 0;
};

LoopbackServer::LoopbackServer(asio::io_context& context, Script script)
    : state_(std::make_shared<State>(context, std::move(script))) {
  asio::co_spawn(context, State::accept(state_), rethrow);
}
LoopbackServer::~LoopbackServer() { stop_listening(); }
std::uint16_t LoopbackServer::port() const { return state_->acceptor.local_endpoint().port(); }
int LoopbackServer::connections() const { return state_->connections; }
int LoopbackServer::open_connections() const { return state_->open; }
int LoopbackServer::most_open_connections() const { return state_->most_open; }
void LoopbackServer::stop_listening() {
  error_code ignored;
  state_->acceptor.close(ignored);
}

std::uint16_t closed_port(asio::io_context& context) {
  const tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), 0});
  return acceptor.local_endpoint().port();
}

namespace {

using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;

void add_extension(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  auto* const extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
  ASSERT_NE(extension, nullptr) << value;
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

Certificate make_certificate(const std::string& name, EVP_PKEY* key, X509* issuer, int from_days, int until_days) {
  static long serial = 0;
  Certificate certificate(X509_new());
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), from_days * 86400L);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), until_days * 86400L);
  X509_set_pubkey(certificate.get(), key);
  auto* const subject = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1,
                             0);
  auto* const signer = issuer == nullptr ? certificate.get() : issuer;
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(signer));
  if (issuer == nullptr) add_extension(certificate.get(), signer, NID_basic_constraints, "critical,CA:TRUE");
  return certificate;
}

void write_pem(const std::string& path, X509* certificate, EVP_PKEY* key) {
  const std::unique_ptr<FILE, Freed<std::fclose>> file(std::fopen(path.c_str(), "w"));
  ASSERT_NE(file, nullptr);
  PEM_write_X509(file.get(), certificate);
  if (key != nullptr) PEM_write_PrivateKey(file.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
}

}  // namespace

struct TestCertificates::Keys {
  Key key{EVP_EC_gen("P-256")};
  Certificate certificate;
};

TestCertificates::TestCertificates() : keys_(std::make_unique<Keys>()) {
  std::string pattern = (std::filesystem::temp_directory_path() / "rekeyer-tls-XXXXXX").string();
  folder_ = ::mkdtemp(pattern.data());
  keys_->certificate = make_certificate("CA of " + folder_, keys_->key.get(), nullptr, -2, 60);
  X509_sign(keys_->certificate.get(), keys_->key.get(), EVP_sha256());
  write_pem(ca_file(), keys_->certificate.get(), nullptr);
}

TestCertificates::~TestCertificates() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::string TestCertificates::issue(const std::string& name, const Wish& wish) {
  const Key key(EVP_EC_gen("P-256"));
  const auto certificate = make_certificate(name, key.get(), keys_->certificate.get(), wish.from_days, wish.until_days);
  add_extension(certificate.get(), keys_->certificate.get(), NID_subject_alt_name, wish.alternative_names);
  X509_sign(certificate.get(), keys_->key.get(), EVP_sha256());
  auto path = folder_ + "/" + name + ".pem";
  write_pem(path, certificate.get(), key.get());
  return path;
}

}  // namespace rekeyer::aws
