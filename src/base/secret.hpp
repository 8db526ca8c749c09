// Secrets: move-only bytes that are wiped when they go, and can't be formatted, compared or copied by accident.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace rekeyer {

/// Overwrites `size` bytes in a way that the optimiser keeps.
void wipe(void* bytes, std::size_t size) noexcept;

/// Wipes memory before it gives it back. For buffers that a secret passes through (requests, replies, parsers).
template <class T>
struct WipingAllocator {
  using value_type = T;
  WipingAllocator() = default;
  template <class U>
  WipingAllocator(const WipingAllocator<U>&) noexcept {}
  T* allocate(std::size_t n) { return std::allocator<T>{}.allocate(n); }
  void deallocate(T* pointer, std::size_t n) noexcept {
    wipe(pointer, n * sizeof(T));
    std::allocator<T>{}.deallocate(pointer, n);
  }
  friend bool operator==(const WipingAllocator&, const WipingAllocator&) { return true; }
};

/// A string whose heap memory is wiped. Up to 15 bytes live inside the object and are not: use it for bodies and
/// documents (which are longer), and Secret for the secret itself.
using WipedString = std::basic_string<char, std::char_traits<char>, WipingAllocator<char>>;

/// One secret text: a secret access key, a session token, a password.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string_view text);
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret();

  bool empty() const { return size_ == 0; }
  /// The text, for the one place that needs it (signing, storing). Do not keep the view.
  std::string_view reveal() const { return {bytes_.get(), size_}; }

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0;
};

}  // namespace rekeyer
