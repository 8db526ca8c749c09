#include "responder.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "base/freed.hpp"

namespace rekeyer::bench {
namespace {

/// IAM's acknowledgement of a change.
std::string acknowledgement() {
  constexpr std::string_view id = "00000000-0000-4000-8000-000000000001";
  const auto body = fmt::format(
      "<UpdateAccessKeyResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\">\n  <ResponseMetadata>\n    "
      "<RequestId>{}</RequestId>\n  </ResponseMetadata>\n</UpdateAccessKeyResponse>\n",
      id);
  return fmt::format(
      "HTTP/1.1 200 OK\r\nx-amzn-RequestId: {}\r\nContent-Type: text/xml\r\nContent-Length: {}\r\n"
      "Date: Sun, 01 Mar 2026 00:00:00 GMT\r\n\r\n{}",
      id, body.size(), body);
}

using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using TlsContext = std::unique_ptr<SSL_CTX, Freed<SSL_CTX_free>>;
using Tls = std::unique_ptr<SSL, Freed<SSL_free>>;

void require(bool well, const char* what) {
  if (!well) throw std::runtime_error(std::string("the responder can't be made: ") + what);
}

void add_extension(X509* certificate, int kind, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  auto* const extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value);
  require(extension != nullptr, value);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

/// Its own authority, good for an hour on both sides of now.
Certificate self_signed(EVP_PKEY* key) {
  Certificate certificate(X509_new());
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  X509_set_pubkey(certificate.get(), key);
  auto* const name = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("responder"), -1, -1, 0);
  X509_set_issuer_name(certificate.get(), name);
  add_extension(certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
  add_extension(certificate.get(), NID_subject_alt_name, "IP:127.0.0.1");
  require(X509_sign(certificate.get(), key, EVP_sha256()) > 0, "its certificate can't be signed");
  return certificate;
}

std::string write_pem(X509* certificate) {
  std::string path = (std::filesystem::temp_directory_path() / "rekeyer-responder-XXXXXX").string();
  const int descriptor = ::mkstemp(path.data());
  require(descriptor >= 0, "no temporary file");
  const std::unique_ptr<FILE, Freed<std::fclose>> file(::fdopen(descriptor, "w"));
  require(file != nullptr && PEM_write_X509(file.get(), certificate) == 1, "its certificate can't be written");
  return path;
}

int listen_on_loopback(std::uint16_t& port) {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  require(listener >= 0 && ::bind(listener, reinterpret_cast<const sockaddr*>(&address), length) == 0 &&
              ::listen(listener, 256) == 0 &&
              ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &length) == 0,
          "no port on the loopback address");
  port = ntohs(address.sin_port);
  return listener;
}

/// One client. Requests come whole and one at a time on a connection, as the transport sends them.
class Session {
 public:
  Session(int socket, SSL_CTX* tls, std::string_view reply) : socket_(socket), reply_(reply) {
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (tls == nullptr) return;
    tls_.reset(SSL_new(tls));
    SSL_set_fd(tls_.get(), socket_);
    SSL_set_accept_state(tls_.get());
  }
  ~Session() { ::close(socket_); }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Answers what has come; false at the end of the connection. The socket blocks, and there is something to read: a
  /// handshake is done in one go, and then waits for its client's next message only.
  bool serve() {
    std::array<char, 8192> bytes;
    const auto count = tls_ ? SSL_read(tls_.get(), bytes.data(), bytes.size())
                            : static_cast<int>(::recv(socket_, bytes.data(), bytes.size(), 0));
    if (count <= 0) return false;
    pending_.append(bytes.data(), static_cast<std::size_t>(count));
    if (!whole_request()) return true;
    pending_.clear();
    return (tls_ ? SSL_write(tls_.get(), reply_.data(), static_cast<int>(reply_.size()))
                 : static_cast<int>(::send(socket_, reply_.data(), reply_.size(), MSG_NOSIGNAL))) > 0;
  }

 private:
  bool whole_request() const {
    const auto head = pending_.find("\r\n\r\n");
    if (head == std::string::npos) return false;
    constexpr std::string_view field = "\r\nContent-Length: ";
    const auto length = pending_.find(field);
    const auto body = length > head ? 0 : std::strtoul(pending_.c_str() + length + field.size(), nullptr, 10);
    return pending_.size() >= head + 4 + body;
  }

  int socket_;
  std::string_view reply_;
  Tls tls_;
  std::string pending_;
};

[[noreturn]] void answer_for_ever(int listener, SSL_CTX* tls) {
  const auto reply = acknowledgement();
  const int poll = ::epoll_create1(0);
  epoll_event wanted{};
  wanted.events = EPOLLIN;
  wanted.data.ptr = nullptr;
  ::epoll_ctl(poll, EPOLL_CTL_ADD, listener, &wanted);
  std::array<epoll_event, 128> events;
  for (;;) {
    const int count = ::epoll_wait(poll, events.data(), static_cast<int>(events.size()), -1);
    for (int i = 0; i < count; ++i) {
      auto* const session = static_cast<Session*>(events[static_cast<std::size_t>(i)].data.ptr);
      if (session == nullptr) {
        const int socket = ::accept(listener, nullptr, nullptr);
        if (socket < 0) continue;
        auto opened = std::make_unique<Session>(socket, tls, reply);
        wanted.data.ptr = opened.get();
        // Owned by the poll from here on.
        if (::epoll_ctl(poll, EPOLL_CTL_ADD, socket, &wanted) == 0) static_cast<void>(opened.release());
      } else if (!session->serve()) {
        delete session;
      }
    }
  }
}

}  // namespace

PinnedTo::PinnedTo(int processor) {
  CPU_ZERO(&before_);
  ::sched_getaffinity(0, sizeof before_, &before_);
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(processor, &one);
  ::sched_setaffinity(0, sizeof one, &one);
}

PinnedTo::~PinnedTo() { ::sched_setaffinity(0, sizeof before_, &before_); }

Responder::Responder(Wire wire, int processor) {
  TlsContext tls;
  if (wire == Wire::tls) {
    const Key key(EVP_EC_gen("P-256"));
    const auto certificate = self_signed(key.get());
    tls.reset(SSL_CTX_new(TLS_server_method()));
    require(tls != nullptr && SSL_CTX_use_certificate(tls.get(), certificate.get()) == 1 &&
                SSL_CTX_use_PrivateKey(tls.get(), key.get()) == 1,
            "OpenSSL refuses its certificate");
    certificate_file_ = write_pem(certificate.get());
  }
  const int listener = listen_on_loopback(port_);
  child_ = ::fork();
  require(child_ >= 0, "no second process");
  if (child_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    std::signal(SIGPIPE, SIG_IGN);
    const PinnedTo pinned(processor);
    answer_for_ever(listener, tls.get());
  }
  ::close(listener);
}

Responder::~Responder() {
  ::kill(child_, SIGKILL);
  ::waitpid(child_, nullptr, 0);
  std::error_code ignored;
  if (!certificate_file_.empty()) std::filesystem::remove(certificate_file_, ignored);
}

}  // namespace rekeyer::bench
