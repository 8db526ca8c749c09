// All enumerators of an enumeration that counts from 0, and the way back from a word to the one that name() gives it
// to.
#pragma once

#include <optional>
#include <ranges>
#include <string_view>

namespace rekeyer {

/// From the first (0) to `last`, in order.
template <class Enum>
auto enumerators_to(Enum last) {
  return std::views::iota(0, static_cast<int>(last) + 1) |
         std::views::transform([](int number) { return static_cast<Enum>(number); });
}

/// The one of these whose name() is `text`; nothing where none is called so.
template <class Enum>
std::optional<Enum> enumerator_named(std::string_view text, Enum last) {
  for (const auto candidate : enumerators_to(last)) {
    if (name(candidate) == text) return candidate;
  }
  return std::nullopt;
}

}  // namespace rekeyer
