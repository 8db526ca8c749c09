// Secrets can't be copied, formatted or compared, and their memory is blank when it goes back: the test looks at it in
// the moment before it is freed, which is why the global operators new and delete are replaced here.
#include "base/secret.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <concepts>
#include <cstdlib>
#include <cstring>
#include <new>
#include <ostream>
#include <type_traits>

namespace {

/// One piece of memory, and what stood in it when it was given back.
struct Watch {
  const void* address = nullptr;
  std::size_t size = 0;
  bool released = false;
  char seen[128] = {};
};
Watch watch;

void release(void* memory) noexcept {
  if (memory != nullptr && memory == watch.address) {
    watch.released = true;
    watch.address = nullptr;
    std::memcpy(watch.seen, memory, watch.size);
  }
  std::free(memory);
}

void* obtain(std::size_t size) {
  void* memory = std::malloc(size > 0 ? size : 1);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

void* operator new(std::size_t size) { return obtain(size); }
void* operator new[](std::size_t size) { return obtain(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return std::malloc(size > 0 ? size : 1); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return std::malloc(size > 0 ? size : 1); }
void operator delete(void* memory) noexcept { release(memory); }
void operator delete[](void* memory) noexcept { release(memory); }
void operator delete(void* memory, std::size_t) noexcept { release(memory); }
void operator delete[](void* memory, std::size_t) noexcept { release(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { release(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { release(memory); }

namespace rekeyer {
namespace {

constexpr std::string_view text = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

template <class T>
concept comparable = requires(const T& a, const T& b) { a == b; };
template <class T>
concept streamable = requires(std::ostream& stream, const T& value) { stream << value; };

static_assert(!std::is_copy_constructible_v<Secret>);
static_assert(!std::is_copy_assignable_v<Secret>);
static_assert(std::is_nothrow_move_constructible_v<Secret> && std::is_nothrow_move_assignable_v<Secret>);
static_assert(!std::is_convertible_v<Secret, std::string> && !std::is_convertible_v<Secret, std::string_view>);
static_assert(!std::is_convertible_v<std::string_view, Secret>, "a text becomes a secret on purpose only");
static_assert(!fmt::is_formattable<Secret>::value);
static_assert(!comparable<Secret> && !std::totally_ordered<Secret>, "comparing byte by byte tells how far it went");
static_assert(!streamable<Secret>);

void watch_memory(const void* address, std::size_t size) {
  watch = {};
  watch.address = address;
  watch.size = std::min(size, sizeof watch.seen);
}

/// What the watched memory held when it was given back.
std::string left_behind() {
  EXPECT_TRUE(watch.released) << "the memory was not given back";
  return std::string(watch.seen, watch.size);
}

const std::string blank(text.size(), '\0');

TEST(Watch, SeesWhatAPlainStringLeavesBehind) {
  {
    const std::string plain(text);
    watch_memory(plain.data(), plain.size());
  }
  EXPECT_EQ(left_behind(), text);
}

TEST(Secret, KeepsEveryByte) {
  EXPECT_EQ(Secret(text).reveal(), text);
  const std::string_view binary("a\0\xff", 3);
  EXPECT_EQ(Secret(binary).reveal(), binary);
  EXPECT_FALSE(Secret(text).empty());
  EXPECT_TRUE(Secret().empty());
  EXPECT_TRUE(Secret("").empty());
  EXPECT_EQ(Secret("").reveal(), "");
}

TEST(Secret, IsWipedAtItsEnd) {
  {
    const Secret secret(text);
    watch_memory(secret.reveal().data(), text.size());
  }
  EXPECT_EQ(left_behind(), blank);
}

TEST(Secret, IsEmptyAfterItWasMovedAndLeavesNoCopy) {
  Secret from(text);
  const auto* memory = from.reveal().data();
  Secret to(std::move(from));
  EXPECT_EQ(to.reveal(), text);
  EXPECT_EQ(to.reveal().data(), memory);
  EXPECT_TRUE(from.empty());  // NOLINT(bugprone-use-after-move): what it is then is the question
  EXPECT_EQ(from.reveal().size(), 0);
}

TEST(Secret, IsWipedWhenAnotherTakesItsPlace) {
  Secret secret(text);
  watch_memory(secret.reveal().data(), text.size());
  Secret other("another");
  secret = std::move(other);
  EXPECT_EQ(left_behind(), blank);
  EXPECT_EQ(secret.reveal(), "another");
  EXPECT_TRUE(other.empty());  // NOLINT(bugprone-use-after-move): what it is then is the question
}

TEST(Secret, SurvivesBeingMovedIntoItself) {
  Secret secret(text);
  Secret& same = secret;
  secret = std::move(same);
  EXPECT_EQ(secret.reveal(), text);
}

TEST(WipedString, IsWipedAtItsEnd) {
  {
    const WipedString wiped(text);
    watch_memory(wiped.data(), wiped.size());
  }
  EXPECT_EQ(left_behind(), blank);
}

TEST(WipedString, WipesTheMemoryThatItGrowsOutOf) {
  WipedString wiped(text);
  watch_memory(wiped.data(), wiped.size());
  wiped.append(10'000, 'x');
  EXPECT_EQ(left_behind(), blank);
  EXPECT_TRUE(wiped.starts_with(text));
}

TEST(WipedString, WipesAlsoWhatWasErasedBefore) {
  {
    WipedString wiped(text);
    watch_memory(wiped.data(), wiped.size());
    wiped.clear();
  }
  EXPECT_EQ(left_behind(), blank);
}

TEST(WipingAllocator, WipesEveryElementOfAnyType) {
  WipingAllocator<std::uint32_t> allocator;
  auto* memory = allocator.allocate(8);
  std::memset(memory, 0x5a, 8 * sizeof(std::uint32_t));
  watch_memory(memory, 8 * sizeof(std::uint32_t));
  allocator.deallocate(memory, 8);
  EXPECT_EQ(left_behind(), std::string(32, '\0'));
}

TEST(Wipe, TouchesItsBytesOnly) {
  std::string memory = "0123456789";
  wipe(memory.data() + 2, 3);
  EXPECT_EQ(memory, std::string("01\0\0\0"
                                "56789",
                                10));
  wipe(memory.data(), 0);
  wipe(nullptr, 0);
  EXPECT_EQ(memory[0], '0');
}

}  // namespace
}  // namespace rekeyer
