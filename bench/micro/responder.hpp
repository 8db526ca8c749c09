// The other side of the transport benchmarks: a process of its own that gives every request on a loopback port the
// same small reply, as cheaply as it can, over plain HTTP or TLS.
#pragma once

#include <sched.h>
#include <sys/types.h>

#include <cstdint>
#include <string>

namespace rekeyer::bench {

enum class Wire { plain, tls };

/// Keeps this process on one processor while it lives. Where that is refused (there is one only, or it is not ours),
/// measurements are less steady, and still measurements.
class PinnedTo {
 public:
  explicit PinnedTo(int processor);
  ~PinnedTo();
  PinnedTo(const PinnedTo&) = delete;
  PinnedTo& operator=(const PinnedTo&) = delete;

 private:
  cpu_set_t before_;
};

class Responder {
 public:
  /// Forks; call it while this process has one thread. The child is pinned to `processor`. Throws where the system
  /// refuses.
  Responder(Wire wire, int processor);
  ~Responder();
  Responder(const Responder&) = delete;
  Responder& operator=(const Responder&) = delete;

  std::uint16_t port() const { return port_; }
  /// PEM file of the self-signed certificate for 127.0.0.1; empty for plain HTTP. Gone with this object.
  const std::string& certificate_file() const { return certificate_file_; }

 private:
  std::uint16_t port_ = 0;
  std::string certificate_file_;
  pid_t child_ = -1;
};

}  // namespace rekeyer::bench
