// Tokens by which a list goes on: opaque to the caller, and good only for the very list that gave them out.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace rekeyer::sandbox {

/// Where a list goes on.
struct Continuation {
  std::size_t position = 0;  ///< of the next item
  bool after_empty = false;  ///< the page before was the empty one that Truths::organizations_empty_pages asks for
};

/// The token for `question`: the operation and whatever else tells one list from another (its parent, its account).
std::string continuation_token(std::string_view question, Continuation continuation);
/// Nothing for a token that was made up, or that another question gave out.
std::optional<Continuation> read_continuation(std::string_view question, std::string_view token);

}  // namespace rekeyer::sandbox
