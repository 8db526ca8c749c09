// The way back from a word to the enumerator that name() gives it to.
#pragma once

#include <optional>
#include <string_view>

namespace rekeyer {

/// The enumerator, from the first (0) to `last`, whose name() is `text`; nothing where none is called so.
template <class Word>
std::optional<Word> enumerator_named(std::string_view text, Word last) {
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    const auto candidate = static_cast<Word>(i);
    if (name(candidate) == text) return candidate;
  }
  return std::nullopt;
}

}  // namespace rekeyer
